//go:build real

package main

import (
	"encoding/csv"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/data/generate"
	"github.com/lifecircle/lifecircle/geo/circle"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// home is a place with people.
type home struct {
	at     orb.Point
	people float64
}

// Who is counted as covered, door to door and street by street, lives in a circle as it is drawn, and the other way round: on the
// addresses of the demo county and on the hexagons of Porto Alegre.
func TestCoveredPeopleLiveInCircles(t *testing.T) {
	dir := t.TempDir()
	if _, err := generate.Generate(t.Context(), dir, generate.Options{Scale: generate.County, Seed: 1}, nil); err != nil {
		t.Fatal(err)
	}
	addresses, err := filepath.Glob(filepath.Join(dir, "addresses*"))
	if err != nil || len(addresses) == 0 {
		t.Fatal("no addresses", err)
	}
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = "../../../shared/data"
	}
	poa := filepath.Join(shared, "osm", "porto_alegre")
	for name, c := range map[string]struct {
		network string
		homes   []home
		count   int
		spread  bool
	}{
		"demo county":  {filepath.Join(dir, "network.osm.pbf"), homes(t, addresses[0], "经度", "纬度", ""), 40, false},
		"Porto Alegre": {filepath.Join(poa, "poa_osm.pbf"), homes(t, filepath.Join(poa, "poa_hexgrid.csv"), "lon", "lat", "population"), 20, true},
	} {
		built, err := osmroad.Build(t.Context(), c.network, nil)
		if err != nil {
			t.Fatal(err)
		}
		profile, err := travel.ProfileByID("elder_60_69")
		if err != nil {
			t.Fatal(err)
		}
		n := travel.NewNet(built.Graph, profile)
		snapper, dice := travel.NewSnapper(n), rand.New(rand.NewPCG(1, 1))
		var sites []travel.Site
		for len(sites) < c.count {
			if snap, err := snapper.Snap(c.homes[dice.IntN(len(c.homes))].at, 500); err == nil {
				sites = append(sites, travel.Site{ID: int32(len(sites)), Snap: snap})
			}
		}
		const limit = 15 * 60_000
		field, err := n.Nearest(t.Context(), sites, limit, travel.Inbound)
		if err != nil {
			t.Fatal(err)
		}
		mesh, err := circle.NewMesh(n)
		if err != nil {
			t.Fatal(err)
		}
		union := mesh.Union(field, limit)
		box := union.Bound()
		var covered, inside, both float64
		if c.spread { // the middle of a cell is no address: its people live beside the streets in it
			c.homes = besideStreets(c.homes, snapper, dice)
		}
		for _, h := range c.homes {
			isCovered := false
			if snap, err := snapper.Snap(h.at, 500); err == nil {
				ms, _ := field.At(snap)
				isCovered = ms <= limit
			}
			isInside := box.Contains(h.at) && planar.MultiPolygonContains(union, h.at)
			if isCovered {
				covered += h.people
			}
			if isInside {
				inside += h.people
			}
			if isCovered && isInside {
				both += h.people
			}
		}
		t.Logf("%s: %d sites, %.0f people covered, %.0f in a circle; of the covered %.2f %% are in a circle, of those in a circle %.2f %% are covered", name, len(sites), covered, inside, 100*both/covered, 100*both/inside)
		if covered == 0 || both < 0.99*covered || both < 0.99*inside {
			t.Errorf("%s: covered and drawn are not the same people", name)
		}
	}
}

// besideStreets puts the people of each hexagon of 350 m at twenty doors in it, at most 15 m off a street; those of a hexagon
// without a street stay where they are.
func besideStreets(cells []home, snapper *travel.Snapper, dice *rand.Rand) []home {
	const doors, metre = 20, 1 / 111_195.0
	var all []home
	for _, c := range cells {
		var found []orb.Point
		for range 100 * doors {
			at := orb.Point{c.at[0] + (dice.Float64()*300-150)*metre/math.Cos(c.at[1]*math.Pi/180), c.at[1] + (dice.Float64()*300-150)*metre}
			if _, err := snapper.Snap(at, 15); err == nil {
				if found = append(found, at); len(found) == doors {
					break
				}
			}
		}
		if len(found) == 0 {
			found = []orb.Point{c.at}
		}
		for _, at := range found {
			all = append(all, home{at, c.people / float64(len(found))})
		}
	}
	return all
}

// homes reads places from a CSV; without a column of people each counts as one.
func homes(t *testing.T, file, lon, lat, people string) []home {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	head[0] = strings.TrimPrefix(head[0], "\uFEFF")
	number := func(row []string, column string) float64 {
		v, err := strconv.ParseFloat(row[slices.Index(head, column)], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	var all []home
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if row[slices.Index(head, lon)] == "" {
			continue
		}
		h := home{orb.Point{number(row, lon), number(row, lat)}, 1}
		if people != "" {
			h.people = number(row, people)
		}
		all = append(all, h)
	}
}
