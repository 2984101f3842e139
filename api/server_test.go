package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/api/artefact"
	"github.com/lifecircle/lifecircle/api/features"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// memory holds 25 features of every collection, ids 00 … 24: a fake of ten lines
// for HTTP alone; SQL is tested on PostGIS in data/store.
type memory struct {
	latest layer.Snapshot
	broken error
	pruned int64 // versions up to it are gone
	evil   bool  // names are markup
	reads  int
	last   layer.Query
}

func (m *memory) boxes() string { return fmt.Sprint(m.last.BBox, " ", m.last.BBoxCRS.EPSG) }

func (m *memory) times() string {
	end := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.RFC3339Nano)
	}
	return end(m.last.Time.From) + "/" + end(m.last.Time.To)
}

func (m *memory) Latest(context.Context) (layer.Snapshot, error) { return m.latest, m.broken }

func (m *memory) ForRun(_ context.Context, run int64) (layer.Snapshot, error) {
	if run != 3 {
		return layer.Snapshot{}, planner.Errorf(planner.NotFound, "没有测算%d", "there is no run %d", run)
	}
	return layer.Snapshot{Version: 1, Run: 3}, nil
}

func (m *memory) Kept(_ context.Context, snap layer.Snapshot) error {
	if snap.Version <= m.pruned {
		return planner.Errorf(planner.Gone, "没有了", "gone")
	}
	return m.broken
}

func feature(snap layer.Snapshot, i int) layer.Feature {
	id := fmt.Sprintf("%02d", i)
	return layer.Feature{ID: id, JSON: fmt.Appendf(nil, `{"type":"Feature","id":%q,"geometry":null,"properties":{"v":%d}}`, id, snap.Version)}
}

// standing is a facility on the street that memory has.
func standing(i int) layer.Feature {
	id := fmt.Sprintf("%02d", i)
	return layer.Feature{ID: id, JSON: fmt.Appendf(nil, `{"type":"Feature","id":%q,"geometry":{"type":"Point","coordinates":[%v,29.1]},"properties":{"facility_id":%q,"name":"照料中心","status":"operating","weekly_open_days":5,"opened":"2020-01-01"}}`, id, 120.5+float64(i)/2000, id)}
}

func (m *memory) Page(_ context.Context, q layer.Query) (layer.Page, error) {
	m.reads++
	m.last = q
	if m.evil {
		id := `"><b>`
		return layer.Page{Features: []layer.Feature{{ID: id, JSON: []byte(`{"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"name":"<img src=x>"}}`)}}}, nil
	}
	p := layer.Page{NumberMatched: 25}
	for i := range 25 {
		if f := feature(q.Snapshot, i); f.ID > q.AfterID {
			if len(p.Features) == q.Limit {
				p.More = true
				break
			}
			p.Features = append(p.Features, f)
		}
	}
	return p, m.broken
}

func (m *memory) Feature(_ context.Context, q layer.Query, id string) (layer.Feature, error) {
	m.reads++
	if id != "07" {
		return layer.Feature{}, planner.Errorf(planner.NotFound, "没有", "none")
	}
	switch q.Collection {
	case "facilities":
		return standing(7), nil
	case "gaps":
		return layer.Feature{ID: id, JSON: []byte(`{"type":"Feature","id":"07","geometry":{"type":"Point","coordinates":[120.519,29.1]},"properties":{"v":1,"standard":"EL-07"}}`)}, nil
	}
	return feature(q.Snapshot, 7), nil
}

func (m *memory) Stream(_ context.Context, q layer.Query, each func([]byte) error) error {
	m.reads++
	for i := range 25 {
		f := feature(q.Snapshot, i)
		if q.Collection == "facilities" && q.Filter != nil || q.Equals["unit_code"] == "990121001001" {
			f = standing(i)
		}
		if err := each(f.JSON); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Extent(context.Context, string, layer.Snapshot, planner.Viewer) (layer.Extent, error) {
	m.reads++
	return layer.Extent{Bound: &orb.Bound{Min: orb.Point{120, 29}, Max: orb.Point{121, 30}}, Count: 25}, nil
}

func (m *memory) BaseTile(_ context.Context, _ layer.Snapshot, t layer.Tile) ([]byte, error) {
	m.reads++
	if t.Col == 0 {
		return nil, nil
	}
	return fmt.Appendf(nil, "%d/%d/%d", t.Z, t.Col, t.Row), nil
}

func (m *memory) Tile(_ context.Context, q layer.Query, t layer.Tile) ([]byte, error) {
	m.last = q
	b, err := m.BaseTile(nil, q.Snapshot, t)
	if b != nil {
		b = fmt.Append(b, q.Collection, q.Equals)
	}
	return b, err
}

// The path has the row before the column, as OGC API – Tiles has it.
func TestTiles(t *testing.T) {
	h := server(&memory{})
	for path, want := range map[string]struct {
		status int
		body   string
	}{"tiles/WebMercatorQuad/3/1/5": {200, "3/5/1"}, "tiles/WebMercatorQuad/3/1/5.mvt": {200, "3/5/1"}, "tiles/WebMercatorQuad/3/1/0": {204, ""}, "tiles/WebMercatorQuad/3/8/0": {404, "no tile"},
		"tiles/WebMercatorQuad/19/0/0": {404, "no tile"}, "tiles/WebMercatorQuad/3/-1/0": {404, "no tile"}, "tiles/WebMercatorQuad/a/1/1": {400, "tileMatrix"}, "tiles/WebMercatorQuad/3/1e9/1": {400, "tileRow"},
		"tiles/WebMercatorQuad/3/99999999999999999999/1": {400, "tileRow"}, "tiles/CGCS2000Quad/0/0/0": {404, "no tile"}, "tiles/CGCS2000Quad/1/0/1": {200, "1/1/0"}, "tiles/CGCS2000Quad/1/1/1": {404, "no tile"}, "tiles/Other/1/1/1": {404, "matrix set"},
		"collections/gaps/tiles/CGCS2000Quad/3/1/5?kind=river": {200, "3/5/1gapsmap[kind:river]"}, "collections/none/tiles/CGCS2000Quad/3/1/5": {404, "none"}, "collections/gaps/tiles/WebMercatorQuad/3/1/5?limit=3": {400, "limit"},
		"collections/gaps/tiles/WebMercatorQuad/3/1/5?filter=people%3E": {400, "character"}, "collections/gaps/tiles/WebMercatorQuad/3/1/5?filter=people%3E3": {200, "gaps"}, "collections/gaps/tiles/WebMercatorQuad/3/1/5?f=png": {400, "f"},
		"collections/gaps/tiles/WebMercatorQuad?f=tilejson": {200, `"tilejson":"3.0.0"`}, "collections/gaps/tiles/WebMercatorQuad": {200, `"templated":true`}, "tileMatrixSets/CGCS2000Quad": {200, `"scaleDenominator":279541132.01435`},
		"tileMatrixSets/WebMercatorQuad": {200, `"scaleDenominator":559082264.02871`}, "styles/base": {200, "http://example.org/ogc/tiles/WebMercatorQuad"}, "styles/nothing": {404, "nothing"}, "styles/..%2fx": {404, "style"}} {
		w := ask(t, h, "/ogc/"+path, "Accept-Language", "en")
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.body) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// A tile is read once; then it comes from memory, or is not sent at all.
func TestTilesAreKept(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 4, Run: 3}}
	h := server(m)
	const path = "/ogc/collections/gaps/tiles/WebMercatorQuad/3/1/5"
	tag := ask(t, h, path).Header().Get("ETag")
	for range 3 {
		if w := ask(t, h, path); w.Code != 200 {
			t.Error(w.Code)
		}
	}
	if w := ask(t, h, path, "If-None-Match", tag); w.Code != http.StatusNotModified {
		t.Error(w.Code)
	}
	if m.reads != 1 {
		t.Errorf("%d reads", m.reads)
	}
	m.latest.Run = 5
	if w := ask(t, h, path, "If-None-Match", tag); w.Code != 200 || m.reads != 2 {
		t.Errorf("a new run: %d, %d reads", w.Code, m.reads)
	}
}

// Export writes ten bytes of every format but GeoJSON.
func (m *memory) Export(_ context.Context, c layer.Collection, q layer.Query, format string, w io.Writer) error {
	m.reads++
	m.last = q
	text := "0123456789"
	if format == "geojson" {
		text = `{"type":"FeatureCollection","features":[]}`
	}
	_, err := io.WriteString(w, text)
	return err
}

func server(m *memory) http.Handler {
	return New(Deps{Snapshots: m, Reader: m, Tiles: m, Exporter: m, Jobs: bench{}, Files: &artefact.Cache{Bytes: 1 << 20},
		Ready: func(context.Context) error { return m.broken }, Map: http.NotFoundHandler(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

func ask(t *testing.T, h http.Handler, url string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://example.org"+url, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// The document is valid OpenAPI 3.0, and every answer to its own paths is one that it describes.
func TestEveryAnswerIsDescribed(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 2, Run: 3}})
	doc, err := openapi3.NewLoader().LoadFromData(ask(t, h, "/ogc/api").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	other := *doc
	other.Servers = openapi3.Servers{{URL: "http://example.org"}}
	beside, err := legacy.NewRouter(&other)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Paths.Map()) < 4+5*len(layer.Collections) {
		t.Errorf("%d paths", len(doc.Paths.Map()))
	}
	openapi3filter.RegisterBodyDecoder("application/vnd.mapbox-vector-tile", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.mapbox.style+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/geo+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/schema+json", openapi3filter.JSONBodyDecoder)
	for path, item := range doc.Paths.Map() {
		if item.Get == nil {
			continue // TestProcesses
		}
		for _, suffix := range []string{"", "?nonsense=1"} {
			url := strings.NewReplacer("{featureId}", "07", "{tileMatrixSetId}", "WebMercatorQuad", "{tileMatrix}", "3", "{tileRow}", "1", "{tileCol}", "5", "{styleId}", "base", "{processId}", "echo", "{jobId}", "J1").Replace(path) + suffix
			router := router
			if strings.HasPrefix(path, "/layers/") { // a path with a server of its own, which the router does not look at
				router = beside
			} else {
				url = "/ogc" + url
			}
			w := ask(t, h, url)
			if want := map[string]int{"": 200, "?nonsense=1": 400}[suffix]; w.Code != want {
				t.Errorf("%s: %d, want %d: %s", url, w.Code, want, w.Body)
			}
			r := httptest.NewRequest(http.MethodGet, "http://example.org"+url, nil)
			route, params, err := router.FindRoute(r)
			if err != nil {
				t.Errorf("%s: %v", url, err)
				continue
			}
			in := &openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
				Status: w.Code, Header: w.Header(), Body: io.NopCloser(w.Body), Options: &openapi3filter.Options{ExcludeResponseBody: strings.HasSuffix(path, "/api")}}
			if err := openapi3filter.ValidateResponse(t.Context(), in); err != nil && !strings.HasSuffix(path, "/api") {
				t.Errorf("%s: %v", url, err)
			}
		}
	}
}

// GDAL takes the types of fields from the schema: it must find it (3.6 compares
// the relation letter by letter) and shows fields in its order.
func TestSchemaForGDAL(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 2, Run: 3}})
	for _, rel := range []string{"describedby", "describedBy"} {
		if body := ask(t, h, "/ogc/collections/gaps").Body.String(); !strings.Contains(body, `"href":"http://example.org/ogc/collections/gaps/schema?profile=feature","rel":"`+rel+`","type":"application/schema+json"`) {
			t.Errorf("no link %s in %s", rel, body)
		}
	}
	gaps, _ := layer.ByID("gaps")
	schema, at := ask(t, h, "/ogc/collections/gaps/schema?profile=feature").Body.String(), -1
	for _, p := range gaps.Properties {
		next := strings.Index(schema, fmt.Sprintf("%q:{", p.Name))
		if next <= at {
			t.Errorf("%s is not in its place in %s", p.Name, schema)
		}
		at = next
	}
	if !strings.Contains(schema, `"ride_minutes":{"description":"minutes by vehicle","title":"乘车时间(分钟)","type":"number"}`) {
		t.Errorf("minutes are no number in %s", schema)
	}
}

// Pages follow next links, all of one snapshot although another is published meanwhile, each feature once.
func TestPagesAgreeWhileARunIsPublished(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 1, Run: 3}}
	h := server(m)
	var seen []string
	for url := "/ogc/collections/gaps/items?limit=10&kind=river"; url != ""; {
		w := ask(t, h, url)
		var page struct {
			NumberMatched, NumberReturned int
			Features                      []struct {
				ID         string
				Properties struct{ V int64 }
			}
			Links []struct{ Rel, Href, Type string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %v", url, w.Code, err)
		}
		if page.NumberMatched != 25 || page.NumberReturned != len(page.Features) {
			t.Errorf("%d matched, %d returned", page.NumberMatched, page.NumberReturned)
		}
		for _, f := range page.Features {
			seen = append(seen, f.ID)
			if f.Properties.V != 1 {
				t.Errorf("feature %s is of version %d", f.ID, f.Properties.V)
			}
		}
		url = ""
		for _, l := range page.Links {
			if l.Rel == "next" {
				if l.Type != "application/geo+json" || !strings.Contains(l.Href, "kind=river") {
					t.Errorf("next link %+v", l)
				}
				url = strings.TrimPrefix(l.Href, "http://example.org")
			}
		}
		m.latest = layer.Snapshot{Version: 2, Run: 4}
	}
	if len(seen) != 25 || seen[0] != "00" || seen[24] != "24" {
		t.Errorf("features %v", seen)
	}
}

func TestBadInput(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 1}})
	for path, want := range map[string]int{
		"/ogc/collections/nothing": 404, "/ogc/collections/nothing/items": 404, "/layers/nothing.geojson": 404, "/layers/gaps.shp": 404,
		"/ogc/collections/gaps/items?limit=unlimited": 400, "/ogc/collections/gaps/items?limit=0": 400, "/ogc/collections/gaps/items?limit=-1": 400,
		"/ogc/collections/gaps/items?bbox=1,2,3": 400, "/ogc/collections/gaps/items?bbox=NaN,2,3,4": 400, "/ogc/collections/gaps/items?bbox=1,9,3,4": 400,
		"/ogc/collections/gaps/items?cursor=xyz": 400, "/ogc/collections/gaps/items?cursor=" + strings.Repeat("A", 5000): 400,
		"/ogc/collections/gaps/items?run=x": 400, "/ogc/collections/gaps/items?run=4": 404, "/ogc/collections/gaps/items?run=3": 200,
		"/ogc/collections/gaps/items?datetime=yesterday": 400, "/ogc/collections/gaps/items?datetime=2026-01-02/2026-01-01": 400, "/ogc/collections/gaps/items?datetime=../..": 400,
		"/ogc/collections/gaps/items?datetime=2025-01-01T00:00:00Z/..": 200, "/ogc/collections/gaps/items?f=gml": 400, "/ogc/collections/gaps/items?people=3": 400,
		"/ogc/collections/gaps/items?bbox=177,65,-177,70": 200, "/ogc/collections/gaps/items?limit=99999999": 200, "/ogc/collections/gaps/items/99": 404, "/nowhere": 404,
		"/ogc/collections/gaps/items?filter=" + url.QueryEscape("people > 3"): 200, "/ogc/collections/gaps/items?filter=people&filter-lang=cql2-text": 400, "/ogc/collections/gaps/items?filter=people%3D1&filter-lang=cql": 400,
		"/ogc/collections/gaps/items?filter-lang=cql-text&filter=" + url.QueryEscape("kind ILIKE 'x%' AND people <> 1"): 200, "/ogc/collections/gaps/items?filter=" + url.QueryEscape(`{"op":"=","args":[{"property":"people"},1]}`): 200,
		"/ogc/collections/gaps/items?filter-lang=cql2-json&filter=people%3D1": 400, "/ogc/collections/gaps/items?filter=true&filter-crs=" + crsOf("EPSG/0/4549"): 200, "/ogc/collections/gaps/items?filter=true&filter-crs=" + crsOf("EPSG/0/27700"): 400,
		"/ogc/collections/gaps/items?properties=people,name": 200, "/ogc/collections/gaps/items?properties=people,x": 400, "/ogc/collections/gaps/items?sortby=-people,+name": 200, "/ogc/collections/gaps/items?sortby=nothing": 400, "/ogc/collections/gaps/items?sortby=": 400, "/ogc/collections/gaps/queryables": 200, "/ogc/collections/nothing/queryables": 404, "/ogc/collections/%67aps/items": 200,
		"/ogc/collections/gaps/items?kind=" + url.QueryEscape("\x00"): 400,
	} {
		w := ask(t, h, path)
		if w.Code != want {
			t.Errorf("%s: %d, want %d: %s", path, w.Code, want, w.Body)
		}
		if want >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: error as %s", path, w.Header().Get("Content-Type"))
		}
	}
	zh, en := ask(t, h, "/ogc/collections/gaps/items?x=1").Body.String(), ask(t, h, "/ogc/collections/gaps/items?x=1", "Accept-Language", "en-GB").Body.String()
	if !strings.Contains(zh, "未知参数") || !strings.Contains(en, "unknown parameter") {
		t.Errorf("zh %s\nen %s", zh, en)
	}
}

func crsOf(name string) string { return url.QueryEscape("http://www.opengis.net/def/crs/" + name) }

// What filters may name is the properties and the geometry; the language that GDAL asks for is offered.
func TestQueryables(t *testing.T) {
	h := server(&memory{latest: layer.Snapshot{Version: 1}})
	body := ask(t, h, "/ogc/collections/facilities/queryables").Body.String()
	for _, part := range []string{`"geometry":{"$ref":"https://geojson.org/schema/Point.json","x-ogc-role":"primary-geometry"}`, `"opened":{"description":"opened","format":"date"`, `"items":{"type":"string"}`, `"additionalProperties":false`,
		`"$id":"http://example.org/ogc/collections/facilities/queryables"`} {
		if !strings.Contains(body, part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
	if body := ask(t, h, "/ogc/api").Body.String(); !strings.Contains(body, `"enum":["cql2-text","cql2-json","cql-text"]`) {
		t.Error("the languages of filters are not described")
	}
	if body := ask(t, h, "/ogc/collections/gaps").Body.String(); !strings.Contains(body, `"rel":"http://www.opengis.net/def/rel/ogc/1.0/queryables"`) {
		t.Errorf("no link to queryables in %s", body)
	}
}

func TestUnchangedAndHidden(t *testing.T) {
	m := &memory{latest: layer.Snapshot{Version: 1}}
	h := server(m)
	tag := ask(t, h, "/layers/units.geojson").Header().Get("ETag")
	if w := ask(t, h, "/layers/units.geojson", "If-None-Match", tag); tag == "" || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("the same version again: %d", w.Code)
	}
	m.latest.Version = 2
	if w := ask(t, h, "/layers/units.geojson", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("a new version: %d", w.Code)
	}
	m.broken = errors.New("password=secret at 10.0.0.1")
	if w := ask(t, h, "/ogc/collections"); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("an internal error shows %d %s", w.Code, w.Body)
	}
	if w := ask(t, h, "/readyz"); w.Code == 200 {
		t.Error("ready although it is not")
	}
}

var _ features.Reader = (*memory)(nil)
