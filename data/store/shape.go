package store

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// shaped is the SQL of a feature's geometry in a reference system, in the axis
// order of its authority. CGCS2000 in degrees is served as WGS 84.
func shaped(c layer.CRS) string {
	g := "t.geom"
	if !c.Geographic() {
		g = fmt.Sprintf("ST_Transform(t.geom, %d)", c.EPSG)
	}
	if c.YX {
		g = "ST_FlipCoordinates(" + g + ")"
	}
	return g
}

// geoJSON writes 7 decimals of a degree (1 cm) or 4 of a metre.
func geoJSON(c layer.CRS) string {
	digits := 7
	if !c.Geographic() {
		digits = 4
	}
	return fmt.Sprintf("ST_AsGeoJSON(%s, %d, 0)", shaped(c), digits)
}

// inBoxes is the condition that a geometry truly meets one of the boxes. Edges of
// a projected box are drawn in pieces, since they bend on the way to degrees.
func inBoxes(q layer.Query, args pgx.StrictNamedArgs) string {
	var boxes []string
	for i, b := range q.BBox {
		if b.IsEmpty() {
			boxes = append(boxes, "false")
			continue
		}
		name := fmt.Sprintf("box%d", i)
		box := fmt.Sprintf("ST_MakeEnvelope(@%[1]sx1::float8, @%[1]sy1::float8, @%[1]sx2::float8, @%[1]sy2::float8, %[2]d)", name, cmp.Or(q.BBoxCRS.EPSG, 4326))
		if q.BBoxCRS.EPSG != 0 {
			size := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1], 1)
			box = fmt.Sprintf("ST_Transform(ST_Segmentize(%s, %g), 4326)", box, size/32)
		}
		boxes = append(boxes, "ST_Intersects(t.geom, "+box+")")
		args[name+"x1"], args[name+"y1"], args[name+"x2"], args[name+"y2"] = b.Min[0], b.Min[1], b.Max[0], b.Max[1]
	}
	return "(" + strings.Join(boxes, " OR ") + ")"
}
