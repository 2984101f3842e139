// Package tiles serves the base map as vector tiles, under the paths of OGC API – Tiles.
package tiles

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Source gives tiles and names what readers see.
type Source interface {
	Latest(ctx context.Context) (layer.Snapshot, error)
	// BaseTile gives MVT bytes of a WebMercatorQuad tile, empty where nothing is.
	BaseTile(ctx context.Context, snap layer.Snapshot, z, x, y int) ([]byte, error)
}

// maxZoom is the deepest tile matrix that is served.
const maxZoom = 18

// Route adds the route of the base map's tiles.
func Route(e *echo.Echo, from Source) {
	e.GET("/ogc/tiles/WebMercatorQuad/:tileMatrix/:tileRow/:tileCol", func(c echo.Context) error {
		z, row, col, err := address(c)
		if err != nil {
			return err
		}
		snap, err := from.Latest(c.Request().Context())
		if err != nil {
			return err
		}
		tag := fmt.Sprintf(`"base-v%d"`, snap.Version) // streets are the same for every viewer
		c.Response().Header().Set("ETag", tag)
		c.Response().Header().Set("Cache-Control", "private, max-age=60")
		if c.Request().Header.Get("If-None-Match") == tag {
			return c.NoContent(http.StatusNotModified)
		}
		mvt, err := from.BaseTile(c.Request().Context(), snap, z, col, row)
		if err != nil {
			return err
		}
		if len(mvt) == 0 {
			return c.NoContent(http.StatusNoContent)
		}
		return c.Blob(http.StatusOK, "application/vnd.mapbox-vector-tile", mvt)
	})
}

// address reads tileMatrix, tileRow and tileCol; out of range is NotFound.
func address(c echo.Context) (z, row, col int, err error) {
	var n [3]int
	for i, name := range []string{"tileMatrix", "tileRow", "tileCol"} {
		if n[i], err = strconv.Atoi(c.Param(name)); err != nil {
			return 0, 0, 0, planner.Errorf(planner.Invalid, "瓦片地址%s应为整数", "%s of a tile must be a whole number", name)
		}
	}
	z, row, col = n[0], n[1], n[2]
	if z < 0 || z > maxZoom || row < 0 || col < 0 || row >= 1<<z || col >= 1<<z {
		return 0, 0, 0, planner.Errorf(planner.NotFound, "没有瓦片%d/%d/%d", "there is no tile %d/%d/%d", z, row, col)
	}
	return z, row, col, nil
}
