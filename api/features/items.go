package features

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

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
		return pinned, nil
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
func (a *API) unchanged(c echo.Context, col layer.Collection, q layer.Query) bool {
	key := q.Viewer.Key()
	if col.Extra != nil {
		key += col.Extra.Digest
	}
	tag := fmt.Sprintf(`"v%d-r%d-%x"`, q.Snapshot.Version, q.Snapshot.Run, key)
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Accept, Accept-Language, Authorization, Cookie")
	return c.Request().Header.Get("If-None-Match") == tag
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
	if a.unchanged(c, col, q) {
		return c.NoContent(http.StatusNotModified)
	}
	page, err := a.Reader.Page(c.Request().Context(), q)
	if err != nil {
		return err
	}
	self := base(c) + c.Request().URL.RequestURI()
	links := []link{{self, "self", geoJSON, col.Title.EN}, {base(c) + "/ogc/collections/" + url.PathEscape(col.ID), "collection", "application/json", col.Title.EN}}
	if page.More {
		next := url.Values{}
		for name, v := range c.QueryParams() {
			next[name] = v[:1]
		}
		next.Set("cursor", cursor{page.Features[len(page.Features)-1].ID, q.Snapshot}.String())
		next.Set("limit", strconv.Itoa(q.Limit))
		links = append(links, link{base(c) + c.Request().URL.Path + "?" + next.Encode(), "next", geoJSON, "next page"})
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, `{"type":"FeatureCollection","timeStamp":%q,`, time.Now().UTC().Format(time.RFC3339))
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
	c.Response().Header().Set("Content-Crs", "<"+crs84+">")
	return c.Blob(http.StatusOK, geoJSON, body.Bytes())
}

// item answers /collections/{collectionId}/items/{featureId}.
func (a *API) item(c echo.Context) error {
	col, err := a.collection(c)
	if err != nil {
		return err
	}
	if err := onlyParams(c, "run", "f"); err != nil {
		return err
	}
	q := layer.Query{Collection: col.ID, Viewer: a.Viewer(c.Request())}
	if q.Snapshot, err = a.snapshot(c, c.QueryParam("run"), q.Snapshot); err != nil {
		return err
	}
	if a.unchanged(c, col, q) {
		return c.NoContent(http.StatusNotModified)
	}
	id, err := url.PathUnescape(c.Param("featureId"))
	if err != nil {
		return planner.Errorf(planner.Invalid, "要素编号有误", "the feature id is malformed")
	}
	f, err := a.Reader.Feature(c.Request().Context(), q, id)
	if err != nil {
		return err
	}
	at := base(c) + "/ogc/collections/" + url.PathEscape(col.ID)
	links := marshal([]link{{at + "/items/" + url.PathEscape(f.ID), "self", geoJSON, f.ID}, {at, "collection", "application/json", col.Title.EN}})
	body := append(bytes.TrimSuffix(bytes.Clone(f.JSON), []byte("}")), `,"links":`...)
	c.Response().Header().Set("Content-Crs", "<"+crs84+">")
	return c.Blob(http.StatusOK, geoJSON, append(append(body, links...), '}'))
}

// whole answers /layers/{collection}.geojson: the layer in one stream.
func (a *API) whole(c echo.Context) error {
	file, err := url.PathUnescape(c.Param("file"))
	name, ok := strings.CutSuffix(file, ".geojson")
	col, known := a.find(name)
	if err != nil || !ok || !known || !a.Viewer(c.Request()).Reads(name) {
		return planner.Errorf(planner.NotFound, "没有图层文件「%s」", "there is no layer file %q", c.Param("file"))
	}
	if err := onlyParams(c, "run"); err != nil {
		return err
	}
	q := layer.Query{Collection: col.ID, Viewer: a.Viewer(c.Request())}
	if q.Snapshot, err = a.snapshot(c, c.QueryParam("run"), q.Snapshot); err != nil {
		return err
	}
	if a.unchanged(c, col, q) {
		return c.NoContent(http.StatusNotModified)
	}
	w := c.Response()
	w.Header().Set("Content-Type", geoJSON)
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	sep := `{"type":"FeatureCollection","name":"` + col.ID + `","features":[` + "\n"
	err = a.Reader.Stream(c.Request().Context(), q, func(json []byte) error {
		if _, err := w.Write([]byte(sep)); err != nil {
			return err
		}
		sep = ",\n"
		_, err := w.Write(json)
		return err
	})
	if err != nil {
		return err
	}
	if sep != ",\n" {
		if _, err := w.Write([]byte(sep)); err != nil {
			return err
		}
	}
	_, err = w.Write([]byte("\n]}\n"))
	return err
}
