package ingest

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
)

// A town corrects one cell of the reject list and sends the workbook back as it is.
func TestRejectListComesBack(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	var b strings.Builder
	b.WriteString("地址编码,标准地址,村社区代码,门牌号,经度,纬度\n")
	for i := range 100 {
		code := "990121101201"
		if i%10 == 0 {
			code = "990121101299" // one row in ten is bad
		}
		fmt.Fprintf(&b, "A%d,澄浦县镇村%d号,%s,%d号,121.41,28.61\n", i, i, code, i)
	}
	rejects := filepath.Join(t.TempDir(), "rejects.xlsx")
	o := Options{Kind: "addresses", Files: []string{file(t, "addresses.csv", b.String())}, CRS: "4490", Rejects: rejects}
	o.DryRun = true
	dry := load(t, pool, o)
	o.DryRun = false
	r := load(t, pool, o)
	if r.Added != 90 || r.Rejected != 10 || r.Version <= dry.Version {
		t.Fatalf("%+v after a dry run %+v", r, dry)
	}
	if dry.Added != r.Added || dry.Rejected != r.Rejected || !dry.DryRun || len(dry.Checks) != len(r.Checks) {
		t.Errorf("the dry run told %+v, the import %+v", dry, r)
	}
	found := false
	for _, c := range r.Checks {
		found = found || c.Name == "known_units" && c.Rejected == 10
	}
	if !found {
		t.Errorf("no check tells of the 10 rows: %+v", r.Checks)
	}
	book, err := excelize.OpenFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("rejects")
	if err != nil || len(rows) != 11 {
		t.Fatal(len(rows), err)
	}
	for col, h := range rows[0] {
		if h == "村社区代码" {
			for row := 2; row <= 10; row++ { // the last stays wrong
				cell, _ := excelize.CoordinatesToCellName(col+1, row)
				if err := book.SetCellStr("rejects", cell, "990121101201"); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
	back := Options{Kind: "addresses", Files: []string{rejects}, CRS: "4490", Rejects: filepath.Join(t.TempDir(), "again.xlsx")}
	if r := load(t, pool, back); r.Added != 9 || r.Changed != 0 || r.Rejected != 1 {
		t.Errorf("the corrected list: %+v", r)
	}
	if n := number(t, pool, `SELECT count(*) FROM address WHERE to_version = open_version() AND full_text = '澄浦县镇村80号' AND unit_code = '990121101201'`); n != 1 {
		t.Error("a corrected row is not there")
	}
	if r := load(t, pool, back); r.Added+r.Changed+r.Removed != 0 {
		t.Errorf("the same list again: %+v", r)
	}
}

// Workbooks as they come: 300 columns, formulas, merged headings, nothing at all, a bomb.
func TestWorkbooksAsTheyCome(t *testing.T) {
	pool := datatest.Open(t)
	write := func(name string, fill func(*excelize.File) error) string {
		book := excelize.NewFile()
		defer book.Close()
		path := filepath.Join(t.TempDir(), name)
		if err := fill(book); err != nil {
			t.Fatal(err)
		}
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	row := func(b *excelize.File, at string, cells ...any) error { return b.SetSheetRow("Sheet1", at, &cells) }
	wide := write("wide.xlsx", func(b *excelize.File) error {
		head, cells := []any{"地名编码", "标准名称"}, []any{"W1", "村"}
		for i := range 298 {
			head, cells = append(head, fmt.Sprint("附加", i)), append(cells, i)
		}
		if err := row(b, "A1", head...); err != nil {
			return err
		}
		return row(b, "A2", cells...)
	})
	formula := write("formula.xlsx", func(b *excelize.File) error {
		if err := row(b, "A1", "地名编码", "标准名称"); err != nil {
			return err
		}
		if err := row(b, "A2", "F1", 7); err != nil {
			return err
		}
		return b.SetCellFormula("Sheet1", "B2", `=3+4`) // keeps the value that was computed
	})
	merged := write("merged.xlsx", func(b *excelize.File) error {
		if err := b.MergeCell("Sheet1", "A1", "C1"); err != nil {
			return err
		}
		if err := row(b, "A1", "地名登记表"); err != nil {
			return err
		}
		if err := row(b, "A2", "地名编码", "标准名称", "别名"); err != nil {
			return err
		}
		return row(b, "A3", "M1", "下村", "老村")
	})
	for _, path := range []string{wide, formula, merged} {
		if r := load(t, pool, Options{Kind: "places", Files: []string{path}}); r.Added != 1 || r.Rejected != 0 {
			t.Errorf("%s: %+v", filepath.Base(path), r)
		}
	}
	if n := number(t, pool, `SELECT count(*) FROM place WHERE (key, name) IN (('W1', '村'), ('F1', '7'), ('M1', '下村'))`); n != 3 {
		t.Errorf("%d of 3 places", n)
	}
	refused(t, pool, Options{Kind: "places", Files: []string{write("empty.xlsx", func(*excelize.File) error { return nil })}}, "是空的")
	refused(t, pool, Options{Kind: "places", Files: []string{file(t, "pipes.csv", "地名编码|标准名称\n1|村\n")}}, "地名编码")
	refused(t, pool, Options{Kind: "places", Files: []string{bomb(t, wide)}}, "unzip size exceeds")
}

// bomb is the good workbook at path with one part more, which says that it unpacks to 5 GiB.
func bomb(t *testing.T, good string) string {
	t.Helper()
	from, err := zip.OpenReader(good)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for _, part := range from.File {
		if err := z.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/media/bomb.xml", Method: zip.Deflate, UncompressedSize64: 5 << 30}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// Lines of two encodings in one table: those that do not belong are rejected, the others stay.
func TestMixedEncodings(t *testing.T) {
	pool := datatest.Open(t)
	text := "地名编码,标准名称\n"
	for i := range 50 {
		text += fmt.Sprintf("E%d,村庄%d\n", i, i)
	}
	text += "X1,\xb4\xe5\xd7\xaf\n" // 村庄 in GBK
	r := load(t, pool, Options{Kind: "places", Files: []string{file(t, "mixed.csv", text)}, Rejects: filepath.Join(t.TempDir(), "r.xlsx")})
	if r.Added != 50 || r.Rejected != 1 {
		t.Errorf("%+v", r)
	}
	if _, err := Import(t.Context(), pool, Options{Kind: "units", Files: []string{file(t, "x.shp", "")}}); planner.KindOf(err) != planner.Invalid {
		t.Errorf("an empty Shapefile: %v", err)
	}
}
