package features

import (
	"net/url"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// tilePaths describes tile sets, tiles and styles. Operations end in the names
// that OGC API – Tiles gives them.
func tilePaths(paths object, catalogue []layer.Collection) {
	list := func(id string) object {
		return get(id+".getTileSetsList", "Tile sets", []object{ref("run")})
	}
	set := func(id string) object {
		return get(id+".getTileSet", "A tile set, or its TileJSON", []object{ref("tileMatrixSetId"), ref("run"), {"name": "f", "in": "query", "description": "tilejson for TileJSON 3", "schema": object{"type": "string", "enum": []string{"json", "tilejson"}}}})
	}
	tile := func(id string, more []object) object {
		op := getAs(id+".getTile", "A tile", append([]object{ref("tileMatrixSetId"), ref("tileMatrix"), ref("tileRow"), ref("tileCol")}, more...), mvt, object{"type": "string", "format": "binary"})
		op["get"].(object)["responses"].(object)["204"] = object{"description": "nothing is there"}
		return op
	}
	paths["/tileMatrixSets"] = get("getTileMatrixSetsList", "Tile matrix sets", []object{ref("fjson")})
	paths["/tileMatrixSets/{tileMatrixSetId}"] = get("getTileMatrixSet", "A tile matrix set", []object{ref("tileMatrixSetId"), ref("fjson")})
	paths["/tiles"], paths["/tiles/{tileMatrixSetId}"] = list("base.dataset.vector"), set("base.dataset.vector")
	paths["/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"] = tile("base.dataset.vector", nil)
	for _, col := range catalogue {
		at, id := "/collections/"+url.PathEscape(col.ID)+"/tiles", col.ID+".collection.vector"
		paths[at], paths[at+"/{tileMatrixSetId}"] = list(id), set(id)
		paths[at+"/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"] = tile(id, append([]object{ref("run"), ref("datetime"), ref("filter"), ref("filter-lang"), ref("filter-crs")}, byProperty(col)...))
	}
	paths["/styles"] = get("getStyles", "Styles of the map", []object{ref("fjson")})
	paths["/styles/{styleId}"] = getAs("getStyle", "A style of MapLibre", []object{ref("styleId"), {"name": "f", "in": "query", "schema": object{"type": "string", "enum": []string{"mapbox", "json"}}}}, mapboxType, object{"type": "object"})
	paths["/styles/{styleId}/metadata"] = get("getStyleMetadata", "What a style is", []object{ref("styleId"), ref("fjson")})
}

// tileParameters are those of the paths above.
func tileParameters(parameters object) {
	whole := func(name, description string) object {
		return object{"name": name, "in": "path", "required": true, "description": description, "schema": object{"type": "integer"}}
	}
	var sets []string
	for _, s := range layer.TileSets {
		sets = append(sets, s.ID)
	}
	parameters["tileMatrixSetId"] = object{"name": "tileMatrixSetId", "in": "path", "required": true, "description": "tile matrix set", "schema": object{"type": "string", "enum": sets}}
	parameters["tileMatrix"] = object{"name": "tileMatrix", "in": "path", "required": true, "description": "level", "schema": object{"type": "string"}}
	parameters["tileRow"], parameters["tileCol"] = whole("tileRow", "row from the north"), whole("tileCol", "column from the west")
	parameters["styleId"] = object{"name": "styleId", "in": "path", "required": true, "description": "style", "schema": object{"type": "string", "enum": styleIDs}}
	parameters["fjson"] = object{"name": "f", "in": "query", "description": "json", "schema": object{"type": "string", "enum": []string{"json"}}}
}

// byProperty are the query parameters that are properties.
func byProperty(col layer.Collection) []object {
	var all []object
	for _, p := range col.Properties {
		if p.Queryable {
			all = append(all, object{"name": p.Name, "in": "query", "required": false, "style": "form", "explode": false,
				"description": p.Title.ZH + " / " + p.Title.EN, "schema": object{"type": "string"}})
		}
	}
	return all
}
