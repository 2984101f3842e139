package roadsurvey

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
)

// at is a place so many metres east and north of 120° E, 29° N.
func at(east, north float64) orb.Point {
	k := 111_319.49
	return orb.Point{120 + east/k/math.Cos(29*math.Pi/180), 29 + north/k}
}

func ls(points ...orb.Point) orb.LineString { return points }

// road is a row with the columns 道路等级, 单行, 桥梁, 隧道, 层.
func road(g orb.Geometry, class string, more ...string) Row {
	f := map[string]string{"道路等级": class, "名称": "测试路"}
	for i := 0; i+1 < len(more); i += 2 {
		f[more[i]] = more[i+1]
	}
	return Row{Fields: f, Geometry: g}
}

func survey(t *testing.T, o Options, rows ...Row) *Survey {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.File("roads.shp", []string{"名称", "道路等级", "单行", "桥梁", "隧道", "层", "开放", "台阶"}); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		r.Number = i + 1
		s.Add(r)
	}
	return s
}

func build(t *testing.T, s *Survey) (*osmroad.Network, *Report) {
	t.Helper()
	n, r, err := s.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n, r
}

// walk is the shortest way in metres between two places that are nodes, on foot; −1 without one.
func walk(t *testing.T, g *graph.Graph, from, to orb.Point) float64 {
	t.Helper()
	find := func(p orb.Point) []graph.NodeID {
		var all []graph.NodeID
		for v := range g.NumNodes() {
			if q := g.Point(graph.NodeID(v)); math.Abs(q[0]-p[0]) < 1e-6 && math.Abs(q[1]-p[1]) < 1e-6 {
				all = append(all, graph.NodeID(v))
			}
		}
		if len(all) == 0 {
			t.Fatalf("no node at %v", p)
		}
		return all
	}
	best := make([]float64, g.NumNodes())
	for i := range best {
		best[i] = math.Inf(1)
	}
	for _, v := range find(from) {
		best[v] = 0
	}
	for range g.NumNodes() { // Bellman and Ford: nothing to get wrong
		for a := range graph.ArcID(g.NumArcs()) {
			if g.Access(a)&graph.Foot != 0 {
				best[g.Head(a)] = min(best[g.Head(a)], best[g.Tail(a)]+float64(g.Length(a))/1000)
			}
		}
	}
	least := math.Inf(1)
	for _, v := range find(to) {
		least = min(least, best[v])
	}
	if math.IsInf(least, 1) {
		return -1
	}
	return least
}

// Where lines meet, drawn in metres. Each case asks for the way between two places; −1: they do not meet.
func TestWhereLinesMeet(t *testing.T) {
	we, sn := ls(at(-100, 0), at(100, 0)), ls(at(0, -100), at(0, 100))
	for name, c := range map[string]struct {
		rows     []Row
		from, to orb.Point
		want     float64
	}{
		"crossing":                          {[]Row{road(we, "村道"), road(sn, "县道")}, at(-100, 0), at(0, 100), 200},
		"under a bridge":                    {[]Row{road(we, "村道"), road(sn, "县道", "桥梁", "是")}, at(-100, 0), at(0, 100), -1},
		"above a tunnel":                    {[]Row{road(we, "村道"), road(sn, "县道", "隧道", "1")}, at(-100, 0), at(0, 100), -1},
		"two bridges of one layer":          {[]Row{road(we, "村道", "桥梁", "是"), road(sn, "县道", "桥梁", "是")}, at(-100, 0), at(0, 100), 200},
		"two bridges of two layers":         {[]Row{road(we, "村道", "桥梁", "是", "层", "2"), road(sn, "县道", "桥梁", "是")}, at(-100, 0), at(0, 100), -1},
		"a motorway without a flag":         {[]Row{road(we, "村道"), road(sn, "高速公路")}, at(-100, 0), at(100, 0), 200},
		"crossing at a bend of both":        {[]Row{road(ls(at(-100, 0), at(0, 0), at(100, 5)), "村道"), road(ls(at(0, -100), at(0, 0), at(5, 100)), "村道")}, at(-100, 0), at(5, 100), 100 + 100.125},
		"bends one above the other":         {[]Row{road(ls(at(-100, 0), at(0, 0), at(100, 5)), "村道"), road(ls(at(0, -100), at(0, 0), at(5, 100)), "村道", "桥梁", "是")}, at(-100, 0), at(5, 100), -1},
		"an end on a line":                  {[]Row{road(we, "村道"), road(ls(at(3, 0), at(3, 50)), "步行道")}, at(-100, 0), at(3, 50), 153},
		"a bridge's ends come down":         {[]Row{road(ls(at(-100, 0), at(-20, 0)), "村道"), road(ls(at(-20, 0), at(20, 0)), "村道", "桥梁", "是"), road(ls(at(20, 0), at(100, 0)), "村道")}, at(-100, 0), at(100, 0), 200},
		"a bridge ends on a street":         {[]Row{road(we, "村道"), road(ls(at(7, 0), at(7, 50)), "村道", "桥梁", "是")}, at(-100, 0), at(7, 50), 157},
		"a bridge in two parts over a bend": {[]Row{road(ls(at(-100, 0), at(0, 0), at(100, 9)), "村道"), road(ls(at(0, -50), at(0, 0)), "村道", "桥梁", "是"), road(ls(at(0, 0), at(0, 50)), "村道", "桥梁", "是")}, at(-100, 0), at(0, 50), -1},
		"and it is whole":                   {[]Row{road(ls(at(-100, 0), at(0, 0), at(100, 9)), "村道"), road(ls(at(0, -50), at(0, 0)), "村道", "桥梁", "是"), road(ls(at(0, 0), at(0, 50)), "村道", "桥梁", "是")}, at(0, -50), at(0, 50), 100},
		"a bend that lies on a line":        {[]Row{road(we, "村道"), road(ls(at(10, 40), at(20, 0), at(30, 40)), "小路")}, at(-100, 0), at(30, 40), 120 + math.Hypot(10, 40)},
		"private":                           {[]Row{road(we, "村道"), road(sn, "小区道路", "开放", "不开放")}, at(-100, 0), at(0, 100), 200},
		"one-way streets are walked":        {[]Row{road(we, "支路", "单行", "逆向")}, at(-100, 0), at(100, 0), 200},
		"no way for anybody":                {[]Row{road(we, "支路", "开放", "禁行"), road(sn, "支路")}, at(0, -100), at(0, 100), 200},
	} {
		n, _ := build(t, survey(t, Options{Tolerance: 2}, c.rows...))
		if got := walk(t, n.Graph, c.from, c.to); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%s: %.2f m, want %.2f", name, got, c.want)
		}
	}
}

func TestRepairs(t *testing.T) {
	main := road(ls(at(-100, 0), at(100, 0)), "村道")
	miss := road(ls(at(10, 50), at(10, 1.5)), "步行道") // 1.5 m short of the street
	n, r := build(t, survey(t, Options{Tolerance: 2}, main, miss))
	if got := walk(t, n.Graph, at(-100, 0), at(10, 50)); math.Abs(got-160) > 0.1 || len(r.Repairs) != 1 || len(r.Suspects) != 0 {
		t.Errorf("%.2f m; %+v", got, r)
	}
	if g := r.Repairs[0]; g.Row != 2 || g.OnRow != 1 || math.Abs(g.Metres-1.5) > 0.02 || math.Abs(g.At[1]-at(10, 1.5)[1]) > 1e-6 {
		t.Errorf("%+v", g)
	}
	n, r = build(t, survey(t, Options{Tolerance: 1}, main, miss))
	if got := walk(t, n.Graph, at(-100, 0), at(10, 50)); got != -1 || len(r.Repairs) != 0 || len(r.Suspects) != 1 || r.Components != 2 {
		t.Errorf("beyond the tolerance: %.2f m; %+v", got, r)
	}
	// Two ends that look at one another are joined once.
	n, r = build(t, survey(t, Options{Tolerance: 2}, road(ls(at(0, 0), at(50, 0)), "小路"), road(ls(at(51, 0), at(100, 0)), "小路")))
	if got := walk(t, n.Graph, at(0, 0), at(100, 0)); math.Abs(got-100) > 0.1 || len(r.Repairs) != 1 {
		t.Errorf("end to end: %.2f m, %+v", got, r.Repairs)
	}
	// A line drawn a little too far is no gap; nor is a path that ends below a bridge.
	_, r = build(t, survey(t, Options{Tolerance: 2}, main, road(ls(at(0, 50), at(0, -1)), "小路")))
	if len(r.Repairs) != 0 || len(r.Suspects) != 0 || r.Crossings != 1 {
		t.Errorf("overshoot: %+v", r)
	}
	_, r = build(t, survey(t, Options{Tolerance: 2}, road(ls(at(-100, 0), at(100, 0)), "村道", "桥梁", "是"), road(ls(at(0, 50), at(0, 1)), "小路")))
	if len(r.Repairs) != 0 {
		t.Errorf("joined to a bridge from below: %+v", r.Repairs)
	}
}

func TestOddLines(t *testing.T) {
	a, b := at(0, 0), at(100, 0)
	_, r := build(t, survey(t, Options{},
		road(ls(a, b), "支路"), road(ls(b, a), "支路"), // drawn twice
		road(ls(a, b), "支路", "单行", "正向"), road(ls(b, a), "支路", "单行", "正向"), // the two halves of a two-way street
		road(ls(a, b), "支路", "单行", "逆向"), // the second half again
		road(ls(a, a), "支路"), road(orb.MultiLineString{{a, at(0, 50)}, {a, at(0, -50)}}, "支路"),
		road(nil, "支路"), road(orb.Polygon{{a, b, at(5, 5), a}}, "支路"), road(ls(a, orb.Point{200, 29}), "支路"), road(ls(a, orb.Point{math.NaN(), 29}), "支路"),
		road(ls(a, orb.Point{-120, 29}), "支路"), road(ls(a, b), "铁路"),
	))
	if r.Duplicates != 2 || r.ZeroLength != 1 || r.Lines != 6 || r.Skipped != 1 || len(r.Rejected) != 5 || r.Rows != 13 {
		t.Errorf("%+v", r)
	}
	for i, row := range []int{8, 9, 10, 11, 12} {
		if len(r.Rejected) > i && (r.Rejected[i].Row != row || r.Rejected[i].ZH == "" || r.Rejected[i].EN == "") {
			t.Errorf("reject %d: %+v", i, r.Rejected[i])
		}
	}
}

func TestWords(t *testing.T) {
	for word, want := range map[string]string{
		"国道": "trunk", "城市主干路": "primary", "村道": "unclassified", "420101": "trunk", "440300": "path", "430501": "residential", "机耕路": "track",
		"步行道": "footway", "台阶": "steps", "人行天桥": "footway bridge=yes", "residential": "residential", "Living Street": "living_street",
	} {
		if got, ok := Builtin().word("class", word); got != want || !ok {
			t.Errorf("class %s: %q %v", word, got, ok)
		}
	}
	s := survey(t, Options{}, road(ls(at(0, 0), at(9, 0)), "神秘路"), road(ls(at(0, 0), at(9, 0)), ""), road(ls(at(0, 0), at(9, 0)), "神秘路"), road(ls(at(0, 9), at(9, 0)), "支路", "单行", "也许"))
	_, _, err := s.Build(t.Context())
	unknown := (*UnknownError)(nil)
	if !errors.As(err, &unknown) || len(unknown.Words) != 3 || unknown.Words[0] != (Unknown{"roads.shp", "道路等级", "神秘路", 2}) || !strings.Contains(err.Error(), "单行") {
		t.Errorf("%v", err)
	}
	m, err := Builtin().With("own.yaml", "columns: {class: 道路等级}\nwords: {class: {神秘路: footway}}\notherwise: {class: track, oneway: 'no'}\n")
	if err != nil {
		t.Fatal(err)
	}
	n, _ := build(t, survey(t, Options{Mapping: m}, road(ls(at(0, 0), at(9, 0)), "神秘路"), road(ls(at(0, 50), at(9, 50)), ""), road(ls(at(0, 90), at(9, 90)), "支路", "单行", "也许")))
	var classes []string
	for _, r := range n.Roads {
		classes = append(classes, r.Class)
	}
	if !slices.Equal(classes, []string{"footway", "track", "tertiary"}) {
		t.Errorf("%v", classes)
	}
	for _, text := range []string{"colums: {}", "columns: {clas: x}", "words: {class: {甲: highway}}", "otherwise: {class: ''}", "words: [1]", "words: {class: {甲: footway bridge}}"} {
		if _, err := Builtin().With("bad.yaml", text); err == nil || !strings.Contains(err.Error(), "bad.yaml") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := s.File("x.shp", []string{"FID", "SHAPE_LEN"}); err == nil || !strings.Contains(err.Error(), "SHAPE_LEN") {
		t.Errorf("a file without classes: %v", err)
	}
}

// GDAL's text of tags counts, also when a Shapefile cut it.
func TestOSMColumns(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.File("lines.shp", []string{"osm_id", "name", "highway", "waterway", "other_tags"}); err != nil {
		t.Fatal(err)
	}
	add := func(number int, highway, waterway, tags string, g orb.Geometry) {
		s.Add(Row{number, map[string]string{"highway": highway, "waterway": waterway, "other_tags": tags}, g})
	}
	add(1, "residential", "", "", ls(at(-50, 0), at(50, 0)))
	add(2, "footway", "", `"bridge"=>"yes","layer"=>"1","note"=>"a \"b\", c"`, ls(at(0, -50), at(0, 50)))
	add(3, "", "river", "", ls(at(-50, 20), at(50, 20)))
	add(4, "construction", "", "", ls(at(0, 0), at(0, 9)))
	add(5, "service", "", `"access"=>"no","surface"=>"gra`, ls(at(70, 0), at(80, 0)))
	n, r := build(t, s)
	if r.Lines != 2 || r.Waters != 1 || r.Skipped != 2 || r.Crossings != 0 || len(n.Graph.Water()) != 1 || len(n.Water) != 1 || !n.Roads[1].Bridge {
		t.Errorf("%+v, water %d", r, len(n.Graph.Water()))
	}
}

// A footpath of the survey meets a street of an OSM file in its middle; what stands at the street's nodes is met once.
func TestJoinOSM(t *testing.T) {
	xml := `<osm version="0.6"><node id="1" lon="120.000" lat="29.000"/><node id="2" lon="120.002" lat="29.000"><tag k="barrier" v="bollard"/></node><node id="3" lon="120.004" lat="29.000"/>
	<way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way></osm>`
	file := filepath.Join(t.TempDir(), "a.osm")
	if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
		t.Fatal(err)
	}
	base, err := osmroad.Build(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := survey(t, Options{Tolerance: 2}, road(ls(at(100, 80), at(100, 1)), "步行道"))
	s.Join(base)
	n, r := build(t, s)
	if got := walk(t, n.Graph, orb.Point{120, 29}, at(100, 80)); math.Abs(got-180) > 0.1 || len(r.Repairs) != 1 || r.Repairs[0].OnRow != 0 {
		t.Errorf("%.2f m, %+v", got, r)
	}
	barriers, ids := 0, map[int64]bool{}
	for a := range graph.ArcID(n.Graph.NumArcs()) {
		ids[n.Graph.OSMID(n.Graph.Tail(a))] = true
		if n.Graph.Traits(a).Barrier() != graph.NoBarrier {
			barriers++
		}
	}
	if barriers != 2 || !ids[1] || !ids[2] || !ids[3] || len(ids) != 6 || len(n.Roads) != 3 {
		t.Errorf("%d arcs enter the bollard, nodes %v, %d roads", barriers, ids, len(n.Roads))
	}
	m, _ := build(t, func() *Survey {
		s := survey(t, Options{Tolerance: 2}, road(ls(at(100, 80), at(100, 1)), "步行道"))
		s.Join(base)
		return s
	}())
	if m.Graph.Digest() != n.Graph.Digest() {
		t.Error("the same files give another graph")
	}
}

// Whatever is drawn, an answer is a graph or an error.
func FuzzLines(f *testing.F) {
	f.Add([]byte{0, 0, 9, 9, 0, 9, 9, 0, 255, 1, 1, 8, 8})
	f.Add([]byte{5, 5, 5, 5, 5, 6, 255, 5, 5, 9, 5, 255, 7, 5, 6, 5})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := New(Options{Tolerance: 20})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.File("f", []string{"class", "bridge", "layer"}); err != nil {
			t.Fatal(err)
		}
		var line orb.LineString
		class := []string{"村道", "高速公路", "轮渡", "台阶"}
		for i := 0; i+1 < len(b) && i < 200; i += 2 {
			if b[i] == 255 {
				s.Add(Row{i, map[string]string{"class": class[b[i+1]%4], "bridge": []string{"", "是"}[b[i+1]/4%2]}, line})
				line = nil
				continue
			}
			line = append(line, at(float64(b[i]), float64(b[i+1])))
		}
		s.Add(Row{999, map[string]string{"class": "支路"}, line})
		n, r, err := s.Build(t.Context())
		if err == nil && (n.Graph.NumArcs() == 0) != (r.Lines == 0) {
			t.Errorf("%d lines make %d arcs", r.Lines, n.Graph.NumArcs())
		}
	})
}
