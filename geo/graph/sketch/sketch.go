// Package sketch makes street graphs of maps drawn in text, for tests whose answers are known on paper.
//
//	A---B     letters, + and # are nodes 100 m apart for each character
//	|   #     # has a private gate, X a wall
//	~~|~~     a row with ~ is a river; | in it is a bridge
//	C...D     - and | streets, > < v ^ one-way streets, . and : ferries
//
// The upper left is at 0° E, 0° N; a character is 100 m wide and high.
package sketch

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Cell is the size of a character in metres.
const Cell = 100

// FerryMillis is how long a ferry takes for each character.
const FerryMillis = 60_000

// metre is a metre on the sphere that lengths use, in degrees.
const metre = 1 / (orb.EarthRadius * math.Pi / 180)

// Map is a drawing with its graph.
type Map struct {
	Graph *graph.Graph
	at    map[rune]orb.Point
}

// Place gives the point of a letter; it panics without it.
func (m *Map) Place(letter rune) orb.Point {
	p, ok := m.at[letter]
	if !ok {
		panic(fmt.Sprintf("sketch: no %q on the map", letter))
	}
	return p
}

// Draw makes the graph of a drawing; leading and trailing empty lines do not count.
func Draw(drawing string) (*Map, error) {
	m := &Map{at: map[rune]orb.Point{}}
	b := graph.NewBuilder()
	var rows [][]rune
	for _, line := range strings.Split(strings.Trim(drawing, "\n"), "\n") {
		rows = append(rows, []rune(line))
	}
	cell := func(x, y int) rune {
		if y < len(rows) && x >= 0 && x < len(rows[y]) {
			return rows[y][x]
		}
		return ' '
	}
	point := func(x, y float64) orb.Point { return orb.Point{x * Cell * metre, (0 - y) * Cell * metre} }
	id := func(x, y int) int64 { return int64(y)*1000 + int64(x) + 1 }
	barrier := func(c rune) graph.Traits {
		switch c {
		case '#':
			return graph.Traits(0).WithBarrier(graph.Gate, 0).WithPrivate(graph.Foot)
		case 'X':
			return graph.Traits(0).WithBarrier(graph.Wall, 0)
		}
		return 0
	}
	join := func(x, y, dx, dy int, both, along, against, ferry rune) {
		step := cell(x+dx, y+dy)
		if step != both && step != along && step != against && step != ferry {
			return
		}
		n := 1
		for cell(x+n*dx, y+n*dy) == step {
			n++
		}
		to := cell(x+n*dx, y+n*dy)
		if !isNode(to) {
			return
		}
		s := graph.Segment{From: id(x, y), To: id(x+n*dx, y+n*dy), Class: graph.Residential, Forward: graph.Foot, Backward: graph.Foot, TraitsForward: barrier(to), TraitsBackward: barrier(cell(x, y))}
		if s.TraitsForward.Private()|s.TraitsBackward.Private() != 0 { // what is private is so in both directions
			s.TraitsForward, s.TraitsBackward = s.TraitsForward.WithPrivate(graph.Foot), s.TraitsBackward.WithPrivate(graph.Foot)
		}
		switch step {
		case along:
			s.Backward = 0
		case against:
			s.Forward = 0
		case ferry:
			s.Class, s.FixedMillis = graph.FerryLine, FerryMillis*uint32(n)
			s.Forward, s.Backward = graph.Foot|graph.Ferry, graph.Foot|graph.Ferry
		}
		b.AddNode(s.To, point(float64(x+n*dx), float64(y+n*dy)), float32(math.NaN()))
		b.AddSegment(s)
	}
	for y, row := range rows {
		if text := string(row); strings.ContainsRune(text, '~') {
			first, last := strings.IndexRune(text, '~'), strings.LastIndex(text, "~")
			b.AddWater(orb.LineString{point(float64(first)-0.5, float64(y)), point(float64(last)+0.5, float64(y))})
		}
		for x, c := range row {
			if !isNode(c) {
				continue
			}
			if c >= 'A' && c <= 'Z' {
				m.at[c] = point(float64(x), float64(y))
			}
			b.AddNode(id(x, y), point(float64(x), float64(y)), float32(math.NaN()))
			join(x, y, 1, 0, '-', '>', '<', '.')
			join(x, y, 0, 1, '|', 'v', '^', ':')
		}
	}
	var err error
	m.Graph, err = b.Build()
	return m, err
}

func isNode(c rune) bool { return c == '+' || c == '#' || c >= 'A' && c <= 'Z' }
