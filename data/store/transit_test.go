package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/ingest"
)

// Lines come back as they were imported, each version its own.
func TestTimetable(t *testing.T) {
	pool := datatest.Open(t)
	s := New(pool)
	if lines, err := s.Timetable(t.Context(), 9); lines != nil || err != nil {
		t.Errorf("an empty database: %v %v", lines, err)
	}
	file := filepath.Join(t.TempDir(), "lines.csv")
	for i, text := range []string{"2,,1,东,121.41,28.61,5,20\n2,,2,西,121.42,28.62,,\n", "2,,1,东,121.41,28.61,7,20\n2,,2,西,121.42,28.62,,\n"} {
		if err := os.WriteFile(file, []byte("线路,方向,站序,站名,经度,纬度,到下一站分钟,发车间隔\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := ingest.Import(t.Context(), pool, ingest.Options{Kind: "transit", Files: []string{file}, CRS: "EPSG:4490"})
		if err != nil || r.Version != int64(i+1) {
			t.Fatalf("%+v %v", r, err)
		}
	}
	for version, minutes := range map[int64]uint32{1: 5, 2: 7} {
		lines, err := s.Timetable(t.Context(), version)
		if err != nil || len(lines.Lines) != 2 || lines.Lines[0].Ride[0] != minutes*60_000 || lines.Lines[1].Stops[0].Name != "西" || lines.Lines[1].Headway != 1_200_000 {
			t.Errorf("version %d: %+v %v", version, lines, err)
		}
	}
}
