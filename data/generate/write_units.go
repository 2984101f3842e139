package generate

import (
	"encoding/json"
	"io"
	"sort"
	"strconv"

	"github.com/paulmach/orb"
)

// unitProperties are the properties of units.geojson.
type unitProperties struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Level     string `json:"level"`
	Parent    string `json:"parent_code,omitempty"`
	Reporting string `json:"reporting_parent,omitempty"`
	Class     string `json:"class,omitempty"`
	Island    bool   `json:"is_island"`
}

// outlineVillages draws the villages' polygons.
func (c *county) outlineVillages() {
	towns, villages := make([]int32, len(c.label)), make([]int32, len(c.label))
	for k, l := range c.label {
		villages[k] = int32(l)
		if l > 0 {
			towns[k] = int32(c.villages[l-1].township) + 1
		}
	}
	c.shapes = newBorders(latN, latN, c.outer, towns, villages)
	rings := c.shapes.trace(2, func(l int32) int32 { return l })
	c.outline = make([]orb.MultiPolygon, len(c.villages))
	for i := range c.villages {
		c.outline[i] = c.shapes.polygons(rings[int32(i+1)], c.corner)
	}
}

// corner turns a lattice corner, in cells, into degrees. Lattice lines lie on
// whole arc seconds, counted over all counties, so that neighbours agree.
func (c *county) corner(p pt) orb.Point {
	return latticeLonLat(p.X-margin+float64(c.col*lattice), p.Y-margin+float64(c.row*lattice))
}

func latticeLonLat(x, y float64) orb.Point {
	return orb.Point{round7(originLon + x*4/3600), round7(originLat + y*4/3600)}
}

// feature writes one unit and counts it.
func feature(w io.Writer, counts map[string]int64, p unitProperties, g orb.MultiPolygon) error {
	props, err := json.Marshal(p)
	if err != nil {
		return err
	}
	b := append([]byte(`{"type":"Feature","properties":`), props...)
	b = append(b, `,"geometry":{"type":"MultiPolygon","coordinates":`...)
	b = append(appendMultiPolygon(b, g), "}}"...)
	counts["units."+p.Level]++
	_, err = w.Write(b)
	return err
}

func appendMultiPolygon(b []byte, mp orb.MultiPolygon) []byte {
	b = append(b, '[')
	for i, poly := range mp {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPolygon(b, poly)
	}
	return append(b, ']')
}

func appendPolygon(b []byte, poly orb.Polygon) []byte {
	b = append(b, '[')
	for j, r := range poly {
		if j > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for k, p := range r {
			if k > 0 {
				b = append(b, ',')
			}
			b = append(b, '[')
			b = strconv.AppendFloat(b, p[0], 'f', -1, 64)
			b = append(b, ',')
			b = strconv.AppendFloat(b, p[1], 'f', -1, 64)
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

// units renders the county, its townships and villages.
func (r *chunk) units(c *county) error {
	w := r.file(unitsBody)
	add := func(p unitProperties, g orb.MultiPolygon) error {
		w.WriteString(",\n")
		return feature(w, r.counts, p, g)
	}
	prefecture := c.div.prefectures[c.plan.prefecture].code
	own := int32(c.plan.serial)
	rings := c.shapes.trace(0, func(l int32) int32 {
		if l == own {
			return 1
		}
		return 0
	})
	if err := add(unitProperties{Code: c.plan.code, Name: c.plan.name, Level: "county", Parent: prefecture, Reporting: prefecture}, c.shapes.polygons(rings[1], c.corner)); err != nil {
		return err
	}
	rings = c.shapes.trace(1, func(l int32) int32 { return l })
	for t, p := range c.plan.townships {
		u := unitProperties{Code: p.code, Name: p.name, Level: "township", Parent: c.plan.code, Reporting: c.plan.code, Island: p.role == roleIsland}
		if err := add(u, c.shapes.polygons(rings[int32(t+1)], c.corner)); err != nil {
			return err
		}
	}
	for i := range c.villages {
		v := &c.villages[i]
		p := c.plan.townships[v.township]
		u := unitProperties{Code: v.code, Name: v.name, Level: "village", Parent: p.code, Reporting: p.code, Class: v.class, Island: p.role == roleIsland}
		if err := add(u, c.outline[i]); err != nil {
			return err
		}
	}
	return nil
}

// joinUnits writes units.geojson: the province and the prefectures, whose
// borders are known only now, then everything below.
func (o *output) joinUnits() error {
	out, err := o.open("units.geojson")
	if err != nil {
		return err
	}
	b := newBorders(o.coarseW(), o.coarseH(), o.coarse)
	corner := func(p pt) orb.Point { return latticeLonLat(p.X-margin, p.Y-margin) }
	if _, err := out.w.WriteString("{\"type\":\"FeatureCollection\",\"name\":\"units\",\"features\":[\n"); err != nil {
		return err
	}
	all := b.trace(0, func(l int32) int32 { return min(l, 1) })
	if err := feature(out.w, o.counts, unitProperties{Code: o.div.code, Name: o.div.name, Level: "province"}, b.polygons(all[1], corner)); err != nil {
		return err
	}
	rings := b.trace(0, func(l int32) int32 {
		if l <= 0 {
			return 0
		}
		return int32(o.div.counties[l-1].prefecture) + 1
	})
	keys := make([]int, 0, len(rings))
	for k := range rings {
		keys = append(keys, int(k))
	}
	sort.Ints(keys)
	for _, k := range keys {
		p := o.div.prefectures[k-1]
		if _, err := out.w.WriteString(",\n"); err != nil {
			return err
		}
		if err := feature(out.w, o.counts, unitProperties{Code: p.code, Name: p.name, Level: "prefecture", Parent: o.div.code, Reporting: o.div.code}, b.polygons(rings[int32(k)], corner)); err != nil {
			return err
		}
	}
	if err := o.join(out.w, unitsBody); err != nil {
		return err
	}
	_, err = out.w.WriteString("\n]}\n")
	return err
}
