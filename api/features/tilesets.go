package features

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

const (
	tilesetsRel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
	schemeRel   = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
	schemesRel  = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
)

// matrixSets lists the tile matrix sets.
func (a *API) matrixSets(c echo.Context) error {
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	var all []map[string]any
	for _, s := range layer.TileSets {
		one := map[string]any{"id": s.ID, "title": s.Title, "crs": s.CRS.URI(), "links": []link{{base(c) + "/ogc/tileMatrixSets/" + s.ID, "self", "application/json", s.Title}}}
		if s.URI != "" {
			one["uri"] = s.URI
		}
		all = append(all, one)
	}
	return c.JSON(http.StatusOK, map[string]any{"tileMatrixSets": all})
}

// matrixSet is the definition of one (OGC 17-083r4).
func (a *API) matrixSet(c echo.Context) error {
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	s, err := a.tileSet(c)
	if err != nil {
		return err
	}
	corner, metres, axes := s.Origin(), 1.0, []string{"E", "N"}
	at := []float64{corner[0], corner[1]}
	if s.CRS.YX {
		at, axes = []float64{corner[1], corner[0]}, []string{"Lat", "Lon"}
	}
	if s.CRS.Geographic() {
		metres = 6378137 * 3.141592653589793 / 180
	}
	var levels []map[string]any
	for z := s.First; z <= s.Last; z++ {
		columns, rows := s.Matrix(z)
		cell := s.Size(z) / 256
		levels = append(levels, map[string]any{"id": strconv.Itoa(z), "scaleDenominator": cell * metres / 0.00028, "cellSize": cell, "cornerOfOrigin": "topLeft", "pointOfOrigin": at,
			"tileWidth": 256, "tileHeight": 256, "matrixWidth": columns, "matrixHeight": rows})
	}
	d := map[string]any{"id": s.ID, "title": s.Title, "crs": s.CRS.URI(), "orderedAxes": axes, "tileMatrices": levels}
	if s.URI != "" {
		d["uri"] = s.URI
	}
	return c.JSON(http.StatusOK, d)
}

// tilesets lists the tile sets of a collection, or of the base map.
func (a *API) tilesets(c echo.Context) error {
	col, extent, err := a.tiled(c)
	if err != nil || c.Response().Committed {
		return err
	}
	var all []map[string]any
	for _, s := range layer.TileSets {
		all = append(all, a.tilesetOf(c, col, s, extent, false))
	}
	return c.JSON(http.StatusOK, map[string]any{"tilesets": all, "links": []link{{tilesAt(c, col), "self", "application/json", "tile sets"}}})
}

// tileset describes one, as OGC does or with f=tilejson as TileJSON 3.
func (a *API) tileset(c echo.Context) error {
	s, err := a.tileSet(c)
	if err != nil {
		return err
	}
	col, extent, err := a.tiled(c)
	if err != nil || c.Response().Committed {
		return err
	}
	if c.QueryParam("f") == "tilejson" {
		return c.JSON(http.StatusOK, a.tileJSON(c, col, s, extent))
	}
	return c.JSON(http.StatusOK, a.tilesetOf(c, col, s, extent, true))
}

// tiled is the collection of a request for tile sets, the empty one for the base
// map, and its extent; the answer is written when the client has it already.
func (a *API) tiled(c echo.Context) (col layer.Collection, e layer.Extent, err error) {
	for name := range c.QueryParams() {
		if name != "f" && name != "run" {
			return col, e, planner.Errorf(planner.Invalid, "未知参数「%s」,可用参数:f, run", "unknown parameter %q; there are: f, run", name)
		}
	}
	if f := c.QueryParam("f"); f != "" && f != "json" && (f != "tilejson" || c.Param("tileMatrixSetId") == "") {
		return col, e, planner.Errorf(planner.Invalid, "不支持的格式f=%.40s,可用:json、tilejson", "format f=%.40s is not offered; there are: json, tilejson", f)
	}
	if c.Param("collectionId") != "" {
		if col, err = a.collection(c); err != nil {
			return col, e, err
		}
	}
	snap, err := a.snapshot(c, c.QueryParam("run"), layer.Snapshot{})
	if err != nil {
		return col, e, err
	}
	if a.unchanged(c, col, snap) {
		return col, e, respond.NotModified(c)
	}
	id := col.ID
	if id == "" {
		id = "units" // the base map lies where the units are
		col.Title = planner.Text{ZH: "底图", EN: "Base map: streets and water"}
	}
	e, err = a.Reader.Extent(c.Request().Context(), id, snap, a.Viewer(c.Request()))
	return col, e, err
}

func run(c echo.Context) string {
	if r := c.QueryParam("run"); r != "" {
		return "?run=" + url.QueryEscape(r)
	}
	return ""
}

// tilesetOf is the metadata of a tile set; in the list without its layers.
func (a *API) tilesetOf(c echo.Context, col layer.Collection, s layer.TileSet, e layer.Extent, full bool) map[string]any {
	at := tilesAt(c, col) + "/" + s.ID
	d := map[string]any{"title": col.Title.ZH + " " + col.Title.EN, "dataType": "vector", "crs": s.CRS.URI(), "tileMatrixSetId": s.ID,
		"links": a.About.links([]link{{at + run(c), "self", "application/json", s.Title}, {base(c) + "/ogc/tileMatrixSets/" + s.ID, schemeRel, "application/json", s.Title}})}
	if s.URI != "" {
		d["tileMatrixSetURI"] = s.URI
	} else {
		d["tileMatrixSetURI"] = base(c) + "/ogc/tileMatrixSets/" + s.ID
	}
	a.About.describe(d, e)
	and := map[bool]string{true: "?", false: run(c) + "&"}[run(c) == ""]
	links := []any{uriTemplate{link{at + "/{tileMatrix}/{tileRow}/{tileCol}" + run(c), "item", mvt, "tiles"}, true}, link{at + and + "f=tilejson", "describedby", "application/json", "TileJSON"}}
	for _, l := range d["links"].([]link) {
		links = append(links, l)
	}
	d["links"] = links
	if full {
		d["layers"] = layersOf(col, s)
	}
	if b := e.Bound; b != nil {
		d["boundingBox"] = map[string]any{"lowerLeft": b.Min, "upperRight": b.Max, "crs": layer.CRS84}
		var limits []map[string]any
		for z := s.First; z <= s.Last; z++ {
			nw, se := s.At([2]float64{b.Min[0], b.Max[1]}, z), s.At([2]float64{b.Max[0], b.Min[1]}, z)
			limits = append(limits, map[string]any{"tileMatrix": strconv.Itoa(z), "minTileRow": nw.Row, "maxTileRow": se.Row, "minTileCol": nw.Col, "maxTileCol": se.Col})
		}
		d["tileMatrixSetLimits"] = limits
		d["centerPoint"] = map[string]any{"coordinates": b.Center(), "tileMatrix": strconv.Itoa(min(s.Last, 10)), "crs": layer.CRS84}
	}
	return d
}

// layersOf are the layers in the tiles with their properties.
func layersOf(col layer.Collection, s layer.TileSet) []map[string]any {
	one := func(id, title string, dimension int, props map[string]any) map[string]any {
		return map[string]any{"id": id, "title": title, "dataType": "vector", "geometryDimension": dimension, "minTileMatrix": strconv.Itoa(s.First), "maxTileMatrix": strconv.Itoa(s.Last),
			"propertiesSchema": map[string]any{"type": "object", "properties": props}}
	}
	text := map[string]any{"type": "string"}
	if col.ID == "" {
		return []map[string]any{one("roads", "道路 streets", 1, map[string]any{"class": text, "name": text, "bridge": map[string]any{"type": "boolean"}}), one("water", "水系 water", 1, map[string]any{"kind": text, "name": text})}
	}
	props := map[string]any{"id": text}
	for _, p := range col.Properties {
		props[p.Name] = propertySchema(p)
	}
	dimension := map[string]int{"Point": 0, "MultiPoint": 0, "LineString": 1, "MultiLineString": 1}
	d, ok := dimension[col.Geometry]
	if !ok {
		d = 2
	}
	return []map[string]any{one(col.ID, col.Title.ZH+" "+col.Title.EN, d, props)}
}

// tileJSON is TileJSON 3.0.0, which MapLibre takes as the url of a source.
func (a *API) tileJSON(c echo.Context, col layer.Collection, s layer.TileSet, e layer.Extent) map[string]any {
	var vectors []map[string]any
	for _, l := range layersOf(col, s) {
		fields := map[string]string{}
		for name, p := range l["propertiesSchema"].(map[string]any)["properties"].(map[string]any) {
			fields[name] = map[string]string{"integer": "Number", "number": "Number", "boolean": "Boolean"}[p.(map[string]any)["type"].(string)]
			if fields[name] == "" {
				fields[name] = "String"
			}
		}
		vectors = append(vectors, map[string]any{"id": l["id"], "description": l["title"], "fields": fields, "minzoom": s.First, "maxzoom": s.Last})
	}
	d := map[string]any{"tilejson": "3.0.0", "name": col.Title.ZH + " " + col.Title.EN, "scheme": "xyz", "minzoom": s.First, "maxzoom": s.Last, "vector_layers": vectors,
		"tiles": []string{tilesAt(c, col) + "/" + s.ID + "/{z}/{y}/{x}" + run(c)}, "attribution": a.About.attribution() + " · " + a.About.approval()}
	a.About.describe(d, e)
	d["attribution"] = a.About.attribution() + " · 审图号 " + a.About.approval()
	if b := e.Bound; b != nil {
		d["bounds"] = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		d["center"] = []float64{b.Center()[0], b.Center()[1], float64(min(s.Last, 10))}
	}
	return d
}
