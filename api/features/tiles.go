package features

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/api/respond"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

const mvt = "application/vnd.mapbox-vector-tile"

// tile answers with a tile of the base map (no collection) or of a layer, which
// takes the conditions of items: filter, datetime and properties by name.
func (a *API) tile(c echo.Context) error {
	t, err := address(c)
	if err != nil {
		return err
	}
	var q layer.Query
	var digest, run string
	if c.Param("collectionId") != "" {
		col, err := a.collection(c)
		if err != nil {
			return err
		}
		for name := range c.QueryParams() {
			if slices.Contains([]string{"limit", "bbox", "bbox-crs", "cursor", "crs", "sortby", "properties", "f", "lang"}, name) {
				return planner.Errorf(planner.Invalid, "瓦片没有参数「%s」", "tiles have no parameter %q", name)
			}
		}
		if q, run, err = query(col, c.QueryParams()); err != nil {
			return err
		}
		if col.Extra != nil {
			digest = col.Extra.Digest
		}
	} else if err := onlyParams(c); err != nil {
		return err
	}
	if q.Snapshot, err = a.snapshot(c, run, q.Snapshot); err != nil {
		return err
	}
	q.Viewer = a.Viewer(c.Request())
	if respond.Unchanged(c, q.Snapshot, q.Viewer, run != "", digest, c.Request().URL.RequestURI()) {
		return respond.NotModified(c)
	}
	key := fmt.Sprint(t.Key(), " ", q.Collection, digest, " ", q.Snapshot, " ", q.Viewer.Key(), " ", c.QueryParams().Encode())
	if q.Collection == "" { // streets are the same for every viewer
		key = fmt.Sprint(t.Key(), " base ", q.Snapshot.Version)
	}
	made, err := a.Cache.Get(c.Request().Context(), key, func(ctx context.Context) ([]byte, error) {
		if q.Collection == "" {
			return a.Tiles.BaseTile(ctx, q.Snapshot, t)
		}
		return a.Tiles.Tile(ctx, q, t)
	})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	if len(made.Plain) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		if gz := made.Gzip(); gz != nil {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", strings.TrimSuffix(h.Get("ETag"), `"`)+`-gzip"`)
			return c.Blob(http.StatusOK, mvt, gz)
		}
	}
	return c.Blob(http.StatusOK, mvt, made.Plain)
}

func (a *API) tileSet(c echo.Context) (layer.TileSet, error) {
	s, ok := layer.TileSetByID(c.Param("tileMatrixSetId"))
	if !ok {
		return s, planner.Errorf(planner.NotFound, "没有瓦片矩阵集「%.60s」", "there is no tile matrix set %.60q", c.Param("tileMatrixSetId"))
	}
	return s, nil
}

var whole = regexp.MustCompile(`^-?[0-9]{1,9}$`)

// address reads the tile of a path; Invalid for what is no number, NotFound for what is out of range.
func address(c echo.Context) (layer.Tile, error) {
	t := layer.Tile{}
	var ok bool
	if t.Set, ok = layer.TileSetByID(c.Param("tileMatrixSetId")); !ok {
		return t, planner.Errorf(planner.NotFound, "没有瓦片矩阵集「%.60s」", "there is no tile matrix set %.60q", c.Param("tileMatrixSetId"))
	}
	for name, into := range map[string]*int{"tileMatrix": &t.Z, "tileRow": &t.Row, "tileCol": &t.Col} {
		text := c.Param(name)
		if name == "tileCol" {
			text = strings.TrimSuffix(strings.TrimSuffix(text, ".mvt"), ".pbf")
		}
		if !whole.MatchString(text) {
			return t, planner.Errorf(planner.Invalid, "瓦片地址%s应为整数", "%s of a tile must be a whole number", name)
		}
		*into, _ = strconv.Atoi(text) // nine digits
	}
	if !t.Exists() {
		return t, planner.Errorf(planner.NotFound, "没有瓦片%d/%d/%d", "there is no tile %d/%d/%d", t.Z, t.Row, t.Col)
	}
	return t, nil
}

// tilesAt is the address of the tile sets of a collection, or of the base map.
func tilesAt(c echo.Context, col layer.Collection) string {
	if col.ID == "" {
		return base(c) + "/ogc/tiles"
	}
	return base(c) + "/ogc/collections/" + url.PathEscape(col.ID) + "/tiles"
}
