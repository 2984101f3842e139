package features

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"t":    func(lang, zh, en string) string { return planner.Text{ZH: zh, EN: en}.In(lang) },
	"path": url.PathEscape,
	"html": asHTML,
	"last": func(s any) string { _, name, _ := strings.Cut(fmt.Sprint(s), "parameters/"); return name },
}).ParseFS(pageFiles, "pages/*.html"))

// pageSecurity: pages are text and pictures of their own, no script, nothing from another host.
const pageSecurity = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"

// page is what a template is given.
type page struct {
	Lang, Title, Self     string
	Crumbs, Others        []link
	Doc                   map[string]any // the document that programs get
	Head                  []layer.Property
	Rows                  []row
	Matched               int64
	Next                  string
	Map                   template.HTML
	Approval, Attribution string
}

type row struct {
	ID, Href string
	Cells    []string
}

// asHTML is the address of the HTML form of one of our own JSON documents; others stay.
func asHTML(href string) string {
	u, err := url.Parse(href)
	if err != nil || !strings.HasPrefix(u.Path, "/ogc") || strings.HasSuffix(u.Path, "/schema") || strings.HasSuffix(u.Path, "/queryables") || strings.Contains(u.Path, "/tiles") || strings.HasSuffix(u.Path, "/api") {
		return href
	}
	q := u.Query()
	if q.Get("f") == "json" {
		return href
	}
	q.Set("f", "html")
	u.RawQuery = q.Encode()
	return u.String()
}

// render writes the HTML page of a document.
func (a *API) render(c echo.Context, name string, doc map[string]any) error {
	r := c.Request()
	p := page{Lang: language(r), Self: base(c) + r.URL.Path, Doc: doc, Approval: a.About.approval(), Attribution: a.About.attribution()}
	p.crumbs(r)
	if col, ok := doc["collection"].(layer.Collection); ok {
		p.items(r, col, doc["page"].(layer.Page), doc["links"].([]link))
	}
	if title, ok := doc["title"].(string); ok {
		p.Title = title
	}
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, p); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", pageSecurity)
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}

// crumbs are the way from the landing page to here, and this page in the other forms.
func (p *page) crumbs(r *http.Request) {
	at := ""
	for i, part := range strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/") {
		at += "/" + part
		title, _ := url.PathUnescape(part)
		if i == 0 {
			title = "生活圈 Lifecircle"
		}
		p.Crumbs = append(p.Crumbs, link{Href: at + "?f=html&lang=" + p.Lang, Title: title})
		p.Title = title
	}
	with := func(name, value string) string {
		q := r.URL.Query()
		q.Set(name, value)
		if name == "lang" {
			q.Set("f", "html")
		}
		return r.URL.EscapedPath() + "?" + q.Encode()
	}
	p.Others = []link{{Href: with("lang", "zh"), Title: "中文"}, {Href: with("lang", "en"), Title: "English"}, {Href: with("f", "json"), Title: "JSON"}}
	if strings.HasSuffix(r.URL.Path, "/api") {
		p.Others = p.Others[:2]
	}
}

// items fills the table and draws the map.
func (p *page) items(r *http.Request, col layer.Collection, of layer.Page, links []link) {
	p.Title, p.Head, p.Matched = col.Title.In(p.Lang), col.Properties, of.NumberMatched
	for _, l := range links {
		if l.Rel == "next" {
			p.Next = l.Href
		}
	}
	var shapes []shape
	for _, f := range of.Features {
		var read struct {
			Geometry   json.RawMessage
			Properties map[string]any
		}
		d := json.NewDecoder(bytes.NewReader(f.JSON))
		d.UseNumber()
		if d.Decode(&read) != nil {
			continue
		}
		one := row{ID: f.ID, Href: "/ogc/collections/" + url.PathEscape(col.ID) + "/items/" + url.PathEscape(f.ID) + "?f=html&lang=" + p.Lang}
		if run := r.URL.Query().Get("run"); run != "" {
			one.Href += "&run=" + url.QueryEscape(run)
		}
		for _, h := range col.Properties {
			text := ""
			if v := read.Properties[h.Name]; v != nil {
				text = fmt.Sprint(v)
			}
			one.Cells = append(one.Cells, text)
		}
		p.Rows = append(p.Rows, one)
		name, _ := read.Properties["name"].(string)
		shapes = append(shapes, shape{Title: strings.TrimSpace(name + " " + f.ID), Href: one.Href, GeoJSON: read.Geometry})
	}
	p.Map = draw(shapes)
}
