package features

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/artefact"
	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/api/tiles"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Viewer tells who is looking.
type Viewer func(*http.Request) planner.Viewer

// API serves the OGC building blocks under /ogc and the streams under /layers.
type API struct {
	Snapshots Snapshots
	Reader    Reader
	Viewer    Viewer
	Extra     []layer.Collection // beside the layers of the product
	About     About
	Tiles     Tiler
	Cache     *tiles.Cache
	Exporter  Exporter
	Files     *artefact.Cache
}

// catalogue is every collection there is.
func (a *API) catalogue() []layer.Collection {
	return append(slices.Clone(layer.Collections), a.Extra...)
}

func (a *API) find(id string) (layer.Collection, bool) {
	for _, c := range a.catalogue() {
		if c.ID == id {
			return c, true
		}
	}
	return layer.Collection{}, false
}

const geoJSON = "application/geo+json"

// snapshot gives what the request reads: the run it names, the cursor's, or the latest.
func (a *API) snapshot(c echo.Context, run string, pinned layer.Snapshot) (layer.Snapshot, error) {
	switch {
	case pinned != (layer.Snapshot{}):
		err := a.Snapshots.Kept(c.Request().Context(), pinned)
		if planner.KindOf(err) == planner.Gone && err != nil {
			c.Response().Header().Set("Link", "<"+base(c)+c.Request().URL.Path+`>; rel="latest-version"; type="`+geoJSON+`"`)
		}
		return pinned, err
	case run != "":
		id, err := strconv.ParseInt(run, 10, 64)
		if err != nil {
			return pinned, planner.Errorf(planner.Invalid, "参数run应为测算编号,不是「%s」", "parameter run must be the number of a run, not %q", run)
		}
		return a.Snapshots.ForRun(c.Request().Context(), id)
	}
	return a.Snapshots.Latest(c.Request().Context())
}

func (a *API) collection(c echo.Context) (layer.Collection, error) {
	id, err := url.PathUnescape(c.Param("collectionId"))
	found, ok := a.find(id)
	if err != nil || !ok {
		return found, planner.Errorf(planner.NotFound, "没有图层「%s」", "there is no collection %q", id)
	}
	if !a.Viewer(c.Request()).Reads(found.ID) { // the guard has seen the path as it was written
		return found, planner.Errorf(planner.Forbidden, "没有查看图层「%s」的权限", "there is no right to read collection %q", id)
	}
	return found, nil
}

// unchanged sets the entity tag and tells whether the client has this answer already.
func (a *API) unchanged(c echo.Context, col layer.Collection, snap layer.Snapshot) bool {
	digest := ""
	if col.Extra != nil {
		digest = col.Extra.Digest
	}
	r := c.Request()
	return respond.Unchanged(c, snap, a.Viewer(r), r.URL.Query().Has("cursor") || r.URL.Query().Has("run"), digest, form(r), r.Host, r.URL.RequestURI(), a.About.key())
}

// items answers /collections/{collectionId}/items.
func (a *API) items(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	q, run, err := query(col, c.QueryParams())
	if err != nil {
		return err
	}
	if q.Snapshot, err = a.snapshot(c, run, q.Snapshot); err != nil {
		return err
	}
	q.Viewer = a.Viewer(c.Request())
	if a.unchanged(c, col, q.Snapshot) {
		return respond.NotModified(c)
	}
	if wantsHTML(c.Request()) { // people read a map: longitude and latitude
		q.CRS = layer.CRS{}
	}
	page, err := a.Reader.Page(c.Request().Context(), q)
	if err != nil {
		return err
	}
	links := append(both(c, col.Title.EN, geoJSON), link{base(c) + "/ogc/collections/" + url.PathEscape(col.ID), "collection", "application/json", col.Title.EN})
	if page.More {
		next := url.Values{}
		for name, v := range c.QueryParams() {
			next[name] = v[:1]
		}
		next.Set("cursor", cursor{page.Features[len(page.Features)-1].ID, q.Snapshot}.text(col.ID))
		next.Set("limit", strconv.Itoa(q.Limit))
		media := geoJSON
		if wantsHTML(c.Request()) {
			media = textHTML
		}
		links = append(links, link{base(c) + c.Request().URL.Path + "?" + next.Encode(), "next", media, "next page"})
	}
	h := c.Response().Header()
	if page.NumberMatched != layer.Uncounted {
		h.Set("OGC-NumberMatched", strconv.FormatInt(page.NumberMatched, 10))
	}
	h.Set("OGC-NumberReturned", strconv.Itoa(len(page.Features)))
	if wantsHTML(c.Request()) {
		return a.render(c, "items", map[string]any{"collection": col, "page": page, "links": links})
	}
	var body bytes.Buffer
	size := 1024
	for _, f := range page.Features {
		size += len(f.JSON) + 1
	}
	body.Grow(size)
	body.WriteString(`{"type":"FeatureCollection",`)
	if page.NumberMatched != layer.Uncounted {
		fmt.Fprintf(&body, `"numberMatched":%d,`, page.NumberMatched)
	}
	fmt.Fprintf(&body, `"numberReturned":%d,"links":%s,"features":[`, len(page.Features), marshal(links))
	for i, f := range page.Features {
		if i > 0 {
			body.WriteByte(',')
		}
		body.Write(f.JSON)
	}
	body.WriteString("]}")
	h.Set("Content-Crs", "<"+q.CRS.URI()+">")
	return c.Blob(http.StatusOK, geoJSON, body.Bytes())
}

// item answers /collections/{collectionId}/items/{featureId}.
func (a *API) item(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "run", "f", "lang", "crs"); err != nil {
		return err
	}
	q := layer.Query{Collection: col.ID, Viewer: a.Viewer(c.Request())}
	if name := c.QueryParam("crs"); name != "" {
		if q.CRS, err = parseCRS("crs", name); err != nil {
			return err
		}
	}
	if q.Snapshot, err = a.snapshot(c, c.QueryParam("run"), q.Snapshot); err != nil {
		return err
	}
	if a.unchanged(c, col, q.Snapshot) {
		return respond.NotModified(c)
	}
	id, err := url.PathUnescape(c.Param("featureId"))
	if err != nil || strings.ContainsRune(id, 0) {
		return planner.Errorf(planner.Invalid, "要素编号有误", "the feature id is malformed")
	}
	if wantsHTML(c.Request()) {
		q.CRS = layer.CRS{}
	}
	f, err := a.Reader.Feature(c.Request().Context(), q, id)
	if err != nil {
		return err
	}
	links := append(both(c, f.ID, geoJSON), link{base(c) + "/ogc/collections/" + url.PathEscape(col.ID), "collection", "application/json", col.Title.EN})
	if wantsHTML(c.Request()) {
		return a.render(c, "item", map[string]any{"collection": col, "page": layer.Page{Features: []layer.Feature{f}}, "links": links})
	}
	body := append(bytes.TrimSuffix(bytes.Clone(f.JSON), []byte("}")), `,"links":`...)
	c.Response().Header().Set("Content-Crs", "<"+q.CRS.URI()+">")
	return c.Blob(http.StatusOK, geoJSON, append(append(body, marshal(links)...), '}'))
}
