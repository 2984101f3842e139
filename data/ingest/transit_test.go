package ingest

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
)

const busTable = "线路,方向,站序,站名,经度,纬度,到下一站分钟,发车间隔(分钟),首班,末班\n" +
	"1路,下行,1,车站,121.40,28.60,5,20,6:00,18:30\n1路,下行,2,医院,121.41,28.61,4分钟,,,\n1路,下行,3,镇政府,121.42,28.62,,,,\n" +
	"2路,,1,车站,121.40,28.60,5,,,\n2路,,2,大溪,121.45,28.65,,,,\n" + // no headway
	"3路,,1,车站,121.40,28.60,5,30,25:00,\n" // no time of day

// Good lines stand; a line that makes none is rejected whole; what a delivery lacks is closed without --replace.
func TestImportTransit(t *testing.T) {
	pool := datatest.Open(t)
	r := load(t, pool, Options{Kind: "transit", Files: []string{file(t, "bus.csv", busTable)}, CRS: "EPSG:4490"})
	if r.Added != 3 || r.Rejected != 3 {
		t.Errorf("%+v", r)
	}
	short := strings.Split(busTable, "\n")
	r = load(t, pool, Options{Kind: "transit", Files: []string{file(t, "bus.csv", strings.Join(short[:3], "\n")+"\n")}, CRS: "EPSG:4490"})
	if r.Removed != 1 || number(t, pool, `SELECT count(*) FROM transit_stop WHERE to_version = open_version()`) != 2 {
		t.Errorf("shortened: %+v", r)
	}
}

func TestReadTransit(t *testing.T) {
	good := strings.Join(strings.Split(busTable, "\n")[:4], "\n")
	lines, err := ReadTransit(t.Context(), file(t, "bus.csv", good), "EPSG:4490", "")
	if err != nil || len(lines.Lines) != 1 {
		t.Fatalf("%+v %v", lines, err)
	}
	l := lines.Lines[0]
	if l.Headway != 1_200_000 || l.From != 360 || l.Until != 18*60+31 || len(l.Stops) != 3 || l.Ride[1] != 240_000 || l.Stops[2].Name != "镇政府" {
		t.Errorf("%+v", l)
	}
	// A workbook, English, by first and last bus as a spreadsheet keeps times.
	book := excelize.NewFile()
	for i, row := range [][]any{
		{"Village shuttles"}, {"route", "stop_sequence", "stop_name", "lon", "lat", "minutes to next stop", "first bus", "last bus", "departures"},
		{"A", 1, "Mill", 8.68, 49.40, 6, 0.25, 0.75, 13}, {"A", 2, "Square", 8.70, 49.41},
	} {
		for k, v := range row {
			cell, _ := excelize.CoordinatesToCellName(k+1, i+1)
			if err := book.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := file(t, "bus.xlsx", "")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if lines, err = ReadTransit(t.Context(), path, "", ""); err != nil || len(lines.Lines) != 2 || lines.Lines[0].Headway != 3_600_000 {
		t.Errorf("%+v %v", lines, err)
	}
	for say, text := range map[string]string{
		"--crs": good, "站序": strings.ReplaceAll(good, "站序", "编号甲"), "第7行": busTable,
	} {
		crs := "EPSG:4490"
		if say == "--crs" {
			crs = ""
		}
		if _, err := ReadTransit(t.Context(), file(t, "bad.csv", text), crs, ""); planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
}
