package generate

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
)

// streetStats describes the streets of towns: a junction is a node where a
// number of streets other than two meet (dead ends count), an edge is a street
// between two junctions, and only built-up places are looked at.
type streetStats struct {
	junctions int
	degree    float64 // mean streets per junction
	share     [6]float64
	edge      float64 // mean length between junctions, metres
	circuity  float64 // total length over total straight distance of the edges
	density   float64 // junctions per km² of built-up area
	km2       float64
}

// townStreets are the ways that make up a town's street net, on both sides of
// the comparison; motorways and railways are not streets.
var townStreets = map[string]bool{
	"trunk": true, "primary": true, "secondary": true, "tertiary": true, "unclassified": true,
	"residential": true, "living_street": true, "pedestrian": true, "service": true,
	"footway": true, "path": true, "steps": true, "track": true, "cycleway": true,
	"trunk_link": true, "primary_link": true, "secondary_link": true, "tertiary_link": true, "road": true,
}

// measureStreets reads a PBF file. Cells of 250 m belong to the built-up area
// when the 3 × 3 cells around them hold at least minJunctions junctions.
func measureStreets(t *testing.T, path string, kinds map[string]bool, minJunctions int) streetStats {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := map[osm.NodeID]orb.Point{}
	var ways [][]osm.NodeID
	sc := osmpbf.New(context.Background(), f, 1)
	defer sc.Close()
	for sc.Scan() {
		switch o := sc.Object().(type) {
		case *osm.Node:
			at[o.ID] = o.Point()
		case *osm.Way:
			if !kinds[o.Tags.Find("highway")] || o.Tags.Find("area") == "yes" {
				continue
			}
			ids := make([]osm.NodeID, len(o.Nodes))
			for i, n := range o.Nodes {
				ids[i] = n.ID
			}
			ways = append(ways, ids)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	degree := map[osm.NodeID]int{}
	for _, w := range ways {
		for i := 1; i < len(w); i++ {
			degree[w[i-1]]++
			degree[w[i]]++
		}
	}
	var ids []osm.NodeID
	var origin orb.Point
	for id, d := range degree {
		if _, ok := at[id]; ok && d != 2 {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	origin = at[ids[0]]
	const side = 250.0
	mLon := 111320 * math.Cos(origin[1]*math.Pi/180)
	cellOf := func(p orb.Point) [2]int {
		return [2]int{int(math.Floor((p[0] - origin[0]) * mLon / side)), int(math.Floor((p[1] - origin[1]) * 110574 / side))}
	}
	count := map[[2]int]int{}
	for _, id := range ids {
		count[cellOf(at[id])]++
	}
	built := map[[2]int]bool{}
	for c := range count {
		n := 0
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				n += count[[2]int{c[0] + dx, c[1] + dy}]
			}
		}
		built[c] = n >= minJunctions
	}
	var s streetStats
	sum := 0
	for _, id := range ids {
		if built[cellOf(at[id])] {
			s.junctions++
			d := degree[id]
			sum += d
			s.share[min(d, 5)]++
		}
	}
	for i := range s.share {
		s.share[i] /= float64(s.junctions)
	}
	for _, b := range built {
		if b {
			s.km2 += side * side / 1e6
		}
	}
	s.degree = float64(sum) / float64(s.junctions)
	s.density = float64(s.junctions) / s.km2

	// Edges: chains through nodes of degree two.
	next := map[osm.NodeID][]osm.NodeID{}
	for _, w := range ways {
		for i := 1; i < len(w); i++ {
			next[w[i-1]] = append(next[w[i-1]], w[i])
			next[w[i]] = append(next[w[i]], w[i-1])
		}
	}
	var total, straight float64
	n := 0
	for _, a := range ids {
		if !built[cellOf(at[a])] {
			continue
		}
		for _, b := range next[a] {
			prev, cur := a, b
			length := geo.Distance(at[a], at[b])
			for degree[cur] == 2 {
				nn := next[cur]
				step := nn[0]
				if step == prev {
					step = nn[1]
				}
				length += geo.Distance(at[cur], at[step])
				prev, cur = cur, step
				if cur == a {
					break
				}
			}
			if cur <= a && cur != a || cur == a || !built[cellOf(at[cur])] {
				continue
			}
			n++
			total += length
			straight += geo.Distance(at[a], at[cur])
		}
	}
	s.edge = total / float64(n)
	s.circuity = total / straight
	return s
}

// heidelberg is what measureStreets says of the OpenStreetMap extract of
// Heidelberg; streets_real_test.go measures the extract itself.
var heidelberg = streetStats{degree: 2.766, edge: 63.94, circuity: 1.0638, density: 198.6}

const townJunctions = 30

// within fails unless the generated towns' figures lie within 20 % of the real ones.
func (s streetStats) within(t *testing.T, real streetStats) {
	t.Helper()
	for _, f := range []struct {
		name       string
		ours, real float64
	}{
		{"mean node degree", s.degree, real.degree},
		{"mean edge length (m)", s.edge, real.edge},
		{"circuity", s.circuity, real.circuity},
		{"junctions per km²", s.density, real.density},
	} {
		off := f.ours/f.real - 1
		t.Logf("%-22s %8.3f, real %8.3f: %+.1f %%", f.name, f.ours, f.real, 100*off)
		if math.Abs(off) > 0.20 {
			t.Errorf("%s is %.3f, more than 20 %% from %.3f", f.name, f.ours, f.real)
		}
	}
}

func TestStreetsAreLikeATowns(t *testing.T) {
	s := measureStreets(t, filepath.Join(demo(t).dir, "network.osm.pbf"), townStreets, townJunctions)
	s.within(t, heidelberg)
	if s.km2 < 30 {
		t.Errorf("towns cover %.1f km², too little to compare", s.km2)
	}
}
