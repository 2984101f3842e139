package roadsurvey

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
)

// Options say how lines are joined.
type Options struct {
	Mapping   Mapping         // Builtin when it is zero
	Tolerance float64         // metres: an end that misses a line by at most so much is joined to it; 0 joins nothing
	Elevation osmroad.Sampler // may be nil
}

// Usual and greatest tolerance, and how far gaps are looked for that are told but not closed; metres.
const (
	UsualTolerance    = 2.0
	GreatestTolerance = 20.0
)

// Row is one feature of a file: its number as people see it, its fields by heading, its geometry in lon, lat.
type Row struct {
	Number   int
	Fields   map[string]string
	Geometry orb.Geometry
}

// Survey collects the lines of one or several files.
type Survey struct {
	o       Options
	files   []string
	columns columns // of the file being read
	lines   []line
	points  []point // of all lines, one after another
	water   []water
	seen    map[[2]uint64][]int32 // digest of the points → lines drawn so
	tags    map[string]osmroad.Line
	unknown map[unknownAt]int
	report  Report

	osm        *osmroad.Network // what the lines are joined to; may be nil
	firstOfOSM int              // the piece from which on the network's are
}

type unknownAt struct {
	file   int
	column string
	word   string
}

// line is one part of a feature.
type line struct {
	street     osmroad.Line
	first, end int32 // of points
	file, row  int32
	level      int8
	shares     bool // OSM's lines share a point only where they meet, whatever their levels
}

// storey is what the line's vertices are told apart by.
func (l line) storey() int8 {
	if l.shares {
		return 0
	}
	return l.level
}

type water struct {
	kind, name string
	points     orb.LineString
}

// point is a place on the lattice of 1e-7 degree: lon, lat.
type point struct{ x, y int32 }

const (
	perDegree = 1e7
	longest   = 10 * perDegree // of a straight piece; the predicates need less than 60 degrees
)

func (p point) lonLat() orb.Point {
	return orb.Point{float64(p.x) / perDegree, float64(p.y) / perDegree}
}

func toPoint(p orb.Point) (point, bool) {
	if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
		return point{}, false
	}
	return point{int32(math.Round(p[0] * perDegree)), int32(math.Round(p[1] * perDegree))}, true
}

// New begins a survey. The tolerance is at most GreatestTolerance.
func New(o Options) (*Survey, error) {
	if o.Mapping.columns == nil {
		o.Mapping = Builtin()
	}
	if !(o.Tolerance >= 0 && o.Tolerance <= GreatestTolerance) {
		return nil, fmt.Errorf("geo: the tolerance must be 0 to %v m (容差应为0到%[1]v米), not %v", GreatestTolerance, o.Tolerance)
	}
	return &Survey{o: o, seen: map[[2]uint64][]int32{}, tags: map[string]osmroad.Line{}, unknown: map[unknownAt]int{}}, nil
}

// File begins the next file. The error names the columns when none of them tells the class of a road.
func (s *Survey) File(name string, header []string) error {
	c, ok := s.o.Mapping.bind(header)
	if !ok {
		return fmt.Errorf("geo: %s: no column tells the class of a road (没有道路等级或类型列); its columns are %q: name it with --mapping, as columns: {class: 道路等级}", name, header)
	}
	s.files, s.columns = append(s.files, name), c
	return nil
}

// Add takes a row. What is wrong with a row is kept for the report; it does not stop the others.
func (s *Survey) Add(r Row) {
	s.report.Rows++
	tags, skip, unknown := s.o.Mapping.tags(s.columns, r.Fields)
	for _, u := range unknown {
		s.unknown[unknownAt{len(s.files) - 1, u.column, u.word}]++
	}
	if len(unknown) > 0 {
		return
	}
	if kind := osmroad.WaterKind(tags); kind != "" && s.columns.isOSM {
		s.addWater(kind, tags.Find("name"), r)
		return
	}
	street, ok := s.street(tags)
	if skip || !ok {
		s.report.Skipped++
		return
	}
	s.addLine(street, levelOf(tags), r)
}

// street reads tags once for all lines that have the same.
func (s *Survey) street(tags osm.Tags) (osmroad.Line, bool) {
	slices.SortFunc(tags, func(a, b osm.Tag) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Value, b.Value)) })
	key := fmt.Sprintf("%q", tags)
	l, ok := s.tags[key]
	if !ok {
		if l, ok = osmroad.NewLine(tags); !ok {
			return l, false
		}
		if len(s.tags) < 1<<16 {
			s.tags[key] = l
		}
	}
	return l, true
}

// levelOf is what a line's crossings are told apart by: its layer, else 1 for bridges and −1 for tunnels.
func levelOf(tags osm.Tags) int8 {
	var n int
	if _, err := fmt.Sscan(tags.Find("layer"), &n); err == nil && n != 0 && n >= -10 && n <= 10 {
		return int8(n)
	}
	switch l, ok := osmroad.NewLine(tags); {
	case !ok:
		return 0
	case l.Access()&graph.Bridge != 0:
		return 1
	case l.Access()&graph.Tunnel != 0:
		return -1
	}
	return 0
}

// parts gives the lines of a geometry; ok is false for what is no line.
func parts(g orb.Geometry) (all []orb.LineString, ok bool) {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}, true
	case orb.MultiLineString:
		return g, true
	case orb.Collection:
		for _, c := range g {
			more, ok := parts(c)
			if !ok {
				return nil, false
			}
			all = append(all, more...)
		}
		return all, true
	}
	return nil, false
}

// Reject keeps a row that cannot be used.
func (s *Survey) Reject(number int, zh, en string) {
	s.report.Rejected = append(s.report.Rejected, Reject{s.files[len(s.files)-1], number, zh, en})
}

func (s *Survey) addLine(street osmroad.Line, level int8, r Row) {
	all, ok := parts(r.Geometry)
	switch {
	case r.Geometry == nil || ok && len(all) == 0:
		s.Reject(r.Number, "没有图形", "it has no geometry")
		return
	case !ok:
		s.Reject(r.Number, "应为线,不是"+r.Geometry.GeoJSONType(), "a line is needed, not a "+r.Geometry.GeoJSONType())
		return
	}
	used := false
	for _, part := range all {
		first := len(s.points)
		for _, p := range part {
			at, ok := toPoint(p)
			if !ok {
				s.points = s.points[:first]
				s.Reject(r.Number, fmt.Sprintf("坐标(%v, %v)不是经纬度", p[0], p[1]), fmt.Sprintf("the coordinates (%v, %v) are not on the globe", p[0], p[1]))
				return
			}
			n := len(s.points)
			if n > first && (math.Abs(float64(s.points[n-1].x)-float64(at.x)) > longest || math.Abs(float64(s.points[n-1].y)-float64(at.y)) > longest) {
				last := s.points[n-1].lonLat()
				s.points = s.points[:first]
				s.Reject(r.Number, fmt.Sprintf("从%v到%v的一段长过%.0f度,坐标有误", last, p, longest/perDegree), fmt.Sprintf("the piece from %v to %v is longer than %.0f degrees: the coordinates are wrong", last, p, longest/perDegree))
				return
			}
			if n == first || s.points[n-1] != at {
				s.points = append(s.points, at)
			}
		}
		if len(s.points)-first < 2 {
			s.points = s.points[:first]
			s.report.ZeroLength++
			continue
		}
		used = true
		if s.drawnBefore(street, s.points[first:]) {
			s.points = s.points[:first]
			s.report.Duplicates++
			continue
		}
		s.lines = append(s.lines, line{street, int32(first), int32(len(s.points)), int32(len(s.files) - 1), int32(r.Number), level, s.columns.isOSM})
	}
	if used {
		s.report.Lines++
	}
}

// drawnBefore tells whether a line lies on the very points of an earlier one, in either direction, and is travelled alike.
func (s *Survey) drawnBefore(street osmroad.Line, points []point) bool {
	forth, back := digest(points, false), digest(points, true)
	key := [2]uint64{min(forth, back), max(forth, back)}
	for _, i := range s.seen[key] {
		other := s.points[s.lines[i].first:s.lines[i].end]
		if slices.Equal(points, other) && street.Same(s.lines[i].street) {
			return true
		}
		turned := slices.Clone(other)
		slices.Reverse(turned)
		if slices.Equal(points, turned) && street.Reversed().Same(s.lines[i].street) {
			return true
		}
	}
	s.seen[key] = append(s.seen[key], int32(len(s.lines)))
	return false
}

// digest is FNV-1a over the points, from either end.
func digest(points []point, back bool) uint64 {
	h := uint64(14695981039346656037)
	for i := range points {
		p := points[i]
		if back {
			p = points[len(points)-1-i]
		}
		for _, v := range [2]int32{p.x, p.y} {
			h = (h ^ uint64(uint32(v))) * 1099511628211
		}
	}
	return h
}

func (s *Survey) addWater(kind, name string, r Row) {
	all, _ := parts(r.Geometry)
	for _, part := range all {
		if len(part) >= 2 && part.Bound().Max[0] <= 180 && part.Bound().Min[0] >= -180 {
			s.water = append(s.water, water{kind, name, part})
		}
	}
	s.report.Waters++
}
