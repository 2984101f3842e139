package ingest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"
)

// A list as offices send it: a title and a remark above the heading, an explanation on the first sheet.
func TestHeadingBelowTheTitle(t *testing.T) {
	dir := t.TempDir()
	heading := []string{"设施编号", "设施名称", "服务类型", "每周开放天数", "经度", "纬度"}
	row := []string{"A1", "城北照料中心", "居家养老服务照料中心", "5天", "122°56′18″", "29°14′19.5″"}
	book := excelize.NewFile()
	for sheet, rows := range map[string][][]string{"Sheet1": {{"填表说明"}, {"经度、纬度用国家2000坐标"}}, "数据": {{"澄浦县养老服务设施一览表"}, {"填报单位:澄浦县民政局", "", "", "2025年12月"}, heading, row}} {
		if _, err := book.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, cells := range rows {
			for j, c := range cells {
				at, _ := excelize.CoordinatesToCellName(j+1, i+1)
				if err := book.SetCellStr(sheet, at, c); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	xlsx := filepath.Join(dir, "a.xlsx")
	if err := book.SaveAs(xlsx); err != nil {
		t.Fatal(err)
	}
	text := "澄浦县养老服务设施一览表\n填报单位:澄浦县民政局,,,2025年12月\n设施编号,设施名称,服务类型,每周开放天数,经度,纬度\nA1,城北照料中心,居家养老服务照料中心,5天,122°56′18″,29°14′19.5″\n"
	csv, wide := filepath.Join(dir, "a.csv"), filepath.Join(dir, "wide.csv")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{csv: text, wide: utf16} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, number := range map[string]int{xlsx: 4, csv: 4, wide: 4} {
		r, err := Open(t.Context(), path, "", facilities.recognises(nil))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		got, err := r.Next()
		if err != nil || got.Number != number || byHeading(r, got).Fields["设施名称"] != "城北照料中心" {
			t.Errorf("%s: %+v, %v", filepath.Base(path), got, err)
		}
		c := &cells{row: got, fields: facilities.fields}
		if c.bound, err = bind(facilities.fields, r.Header(), nil, true); err != nil {
			t.Fatal(err)
		}
		rec := facilities.read(c)
		if p := rec.geom.Bound().Min; c.wrong != nil || p[0] != 122+56.0/60+18.0/3600 || p[1] != 29+14.0/60+19.5/3600 {
			t.Errorf("%s: at %v, %v", filepath.Base(path), p, c.wrong)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSexagesimal(t *testing.T) {
	for s, want := range map[string]float64{"122°56′": 122 + 56.0/60, "122度30分0秒": 122.5, `29°30'36"`: 29.51} {
		if got, ok := sexagesimal(s); !ok || got-want > 1e-12 || want-got > 1e-12 {
			t.Errorf("%s: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"122.5", "", "122°66′", "a°b", "1 2 3 4"} {
		if got, ok := sexagesimal(s); ok {
			t.Errorf("%q is read as %v", s, got)
		}
	}
}

// Shapefiles cut headings at 10 bytes: what is left is a field's where it can be no other's.
func TestCutHeadings(t *testing.T) {
	cut := func(h string) string { return string([]rune(h)[:3]) + "\uFFFD" }
	b, err := bind(facilities.fields, []string{cut("设施编号"), cut("设施名称"), cut("服务类型"), "床位数"}, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]int{"id": 0, "name": 1, "services": 2, "beds": 3} {
		if got, ok := b.column[name]; !ok || got != at {
			t.Errorf("%s: column %d %v, want %d", name, got, ok, at)
		}
	}
	// 行政区… may be the code or the name: nobody guesses.
	if _, err := bind(units.fields, []string{cut("行政区代码"), "级别"}, nil, true); err == nil {
		t.Error("an ambiguous heading was taken")
	}
	// A whole heading goes before a cut one.
	if b, err = bind(facilities.fields, []string{cut("设施编码"), "设施编号", "设施名称", "服务类型"}, nil, true); err != nil || b.column["id"] != 1 {
		t.Errorf("%v %v", b.column, err)
	}
}
