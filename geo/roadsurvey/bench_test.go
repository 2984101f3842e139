package roadsurvey

import (
	"testing"

	"github.com/paulmach/orb"
)

// A town of 300 by 300 streets that nobody cut: 90,000 crossings, each line of a point every 100 m.
func BenchmarkBuild(b *testing.B) {
	const n = 300
	var rows []Row
	for i := range n {
		var we, sn orb.LineString
		for k := range n {
			we = append(we, at(float64(k)*100, float64(i)*100+50+0.3*float64(k%3)))
			sn = append(sn, at(float64(i)*100+50+0.3*float64(k%3), float64(k)*100))
		}
		rows = append(rows, Row{2 * i, map[string]string{"class": "支路"}, we}, Row{2*i + 1, map[string]string{"class": "村道"}, sn})
	}
	for b.Loop() {
		s, err := New(Options{Tolerance: 2})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.File("f", []string{"class"}); err != nil {
			b.Fatal(err)
		}
		for _, r := range rows {
			s.Add(r)
		}
		_, r, err := s.Build(b.Context())
		if err != nil || r.Crossings+r.Touches < 88_000 {
			b.Fatalf("%+v %v", r, err)
		}
	}
}
