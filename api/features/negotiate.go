package features

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
)

const textHTML = "text/html"

// checkFormat refuses a format that is not offered.
func checkFormat(f string) error {
	if slices.Contains([]string{"", "json", "geojson", "html"}, f) {
		return nil
	}
	return planner.Errorf(planner.Invalid, "不支持的格式f=%.40s,可用:json、html", "format f=%.40s is not offered; there are: json, html", f)
}

func checkLang(s string) error {
	if s == "zh" || s == "en" {
		return nil
	}
	return planner.Errorf(planner.Invalid, "参数lang应为zh或en,不是「%.20s」", "parameter lang is zh or en, not %.20q", s)
}

// wantsHTML tells whether a person asks: f says so, or Accept prefers HTML, as browsers do.
func wantsHTML(r *http.Request) bool {
	if f := r.URL.Query().Get("f"); f != "" {
		return f == "html"
	}
	html, other := 0.0, 0.0
	for _, part := range strings.Split(r.Header.Get("Accept"), ",") {
		media, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		for _, p := range strings.Split(params, ";") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
				if f, err := strconv.ParseFloat(v, 64); err == nil {
					q = f
				}
			}
		}
		switch media = strings.TrimSpace(strings.ToLower(media)); {
		case media == textHTML || media == "application/xhtml+xml":
			html = max(html, q)
		default:
			other = max(other, q)
		}
	}
	return html > other
}

// language is what lang says, or Accept-Language.
func language(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); l == "zh" || l == "en" {
		return l
	}
	return respond.Language(r)
}

// form is what an answer depends on beside its address.
func form(r *http.Request) string {
	if wantsHTML(r) {
		return "html-" + language(r)
	}
	return "json"
}

// answer writes a document as JSON, or as the HTML page that is named.
func (a *API) answer(c echo.Context, page string, document map[string]any) error {
	if wantsHTML(c.Request()) {
		return a.render(c, page, document)
	}
	return c.JSON(http.StatusOK, document)
}

// both are the links of a page to itself in both forms; at has the address without f.
func both(c echo.Context, title, media string) []link {
	self := base(c) + c.Request().URL.RequestURI()
	alternate := textHTML
	if wantsHTML(c.Request()) {
		media, alternate = textHTML, media
	}
	q := c.Request().URL.Query()
	q.Set("f", map[bool]string{true: "html", false: "json"}[alternate == textHTML])
	return []link{{self, "self", media, title}, {base(c) + c.Request().URL.Path + "?" + q.Encode(), "alternate", alternate, title}}
}
