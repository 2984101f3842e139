package generate

import (
	"encoding/json"
	"math"

	"github.com/paulmach/orb"
)

// exclusions.geojson: land where no burial site may be built.
const (
	exclusionsFile    = "exclusions.geojson"
	exclusionsHead    = "{\"type\":\"FeatureCollection\",\"name\":\"exclusions\",\"features\":[\n"
	exclusionsBetween = ",\n"
	exclusionsFoot    = "\n]}\n"
)

func (r *chunk) exclusion(c *county, kind, name, source string, ring []pt) error {
	area := orb.Ring(c.lines(ring))
	if area[0] != area[len(area)-1] {
		area = append(area, area[0])
	}
	if ringArea(area) < 0 {
		area.Reverse()
	}
	props, err := json.Marshal(map[string]string{"kind": kind, "name": name, "source": source})
	if err != nil {
		return err
	}
	b := []byte{}
	if r.counts["exclusions"] > 0 {
		b = append(b, exclusionsBetween...)
	}
	b = append(append(append(b, `{"type":"Feature","properties":`...), props...), `,"geometry":{"type":"Polygon","coordinates":`...)
	b = append(appendPolygon(b, orb.Polygon{area}), "}}"...)
	r.counts["exclusions"]++
	_, err = r.file(exclusionsFile).Write(b)
	return err
}

// blob is a round area with a wavy edge.
func blob(c pt, rx, ry float64, seed uint64) []pt {
	var ring []pt
	for k := range 40 {
		a := float64(k) / 40 * 2 * math.Pi
		s := 1 + 0.22*noise(seed, 3*math.Cos(a)+7, 3*math.Sin(a)+7)
		ring = append(ring, c.add(pt{rx * s * math.Cos(a), ry * s * math.Sin(a)}))
	}
	return append(ring, ring[0])
}

// exclusions renders the areas of one county.
func (r *chunk) exclusions(c *county) error {
	seed := uint64(c.seed) + uint64(c.plan.serial)*131
	for _, l := range c.land.lakes {
		mid := l.line[len(l.line)/2]
		d := l.line[len(l.line)-1].sub(l.line[0])
		rx, ry := math.Abs(d.X)/2+650, math.Abs(d.Y)/2+650
		if err := r.exclusion(c, "water_source", l.name+"饮用水水源保护区", "水源保护区划定方案", blob(mid, rx, ry, seed)); err != nil {
			return err
		}
	}
	rnd := c.random("exclusions")
	for t, p := range c.plan.townships {
		at := c.centres[t].add(polar(between(rnd, 0, 6), between(rnd, 1300, 2100)))
		kind, name, source := "farmland", p.name+"永久基本农田", "国土三调"
		if p.role == roleHill {
			kind, name, source = "scenic", trimVillage(p.name)+"风景区", "风景名胜区总体规划"
		}
		if p.role == roleIsland {
			continue
		}
		if err := r.exclusion(c, kind, name, source, blob(at, between(rnd, 420, 900), between(rnd, 380, 760), seed+uint64(t))); err != nil {
			return err
		}
		if err := r.exclusion(c, "housing", p.name+"集中居住区", "控制性详细规划", blob(c.centres[t], 520, 520, seed+100+uint64(t))); err != nil {
			return err
		}
	}
	main := c.land.valleys[0]
	for i := 0; i+4 < len(main.line); i += 4 {
		k := func(j int) float64 { return c.land.riverHalf(float64(j)) + 300 }
		if err := r.exclusion(c, "dyke", main.name+"堤防", "堤坝两侧 300 米", quad(main.line[i], main.line[i+4], math.Max(k(i), k(i+4)))); err != nil {
			return err
		}
	}
	for _, s := range c.net.src {
		if s.class != "trunk" {
			continue
		}
		for i := 0; i+1 < len(s.line); i += 8 {
			j := min(i+8, len(s.line)-1)
			if s.line[i].dist(s.line[j]) < 30 {
				continue
			}
			if err := r.exclusion(c, "railway_road", "国道两侧", "公路主干线两侧 200 米", quad(s.line[i], s.line[j], 200)); err != nil {
				return err
			}
		}
	}
	return nil
}

// quad is the strip of the given half width along a line.
func quad(a, b pt, half float64) []pt {
	n := b.sub(a).unit().left().mul(half)
	return []pt{a.add(n), a.sub(n), b.sub(n), b.add(n), a.add(n)}
}
