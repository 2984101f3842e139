package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/lifecircle/lifecircle/planner"
)

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gb(t *testing.T, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tableRow is a row by its headings.
type tableRow struct {
	Number   int
	Fields   map[string]string
	Geometry orb.Geometry
}

func byHeading(r Reader, row Row) tableRow {
	return tableRow{row.Number, row.Fields(r.Header()), row.Geometry}
}

// all reads a file to its end: the rows, the rows that cannot be used, the error that ended it.
func all(t *testing.T, path string) (rows []tableRow, bad []*RowError, err error) {
	t.Helper()
	r, err := Open(t.Context(), path, "", nil)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	for {
		row, err := r.Next()
		var wrong *RowError
		switch {
		case errors.As(err, &wrong):
			bad = append(bad, wrong)
		case errors.Is(err, io.EOF):
			return rows, bad, nil
		case err != nil:
			return rows, bad, err
		default:
			rows = append(rows, byHeading(r, row))
		}
	}
}

func TestCSVInTheEncodingsOfCounties(t *testing.T) {
	const text = "名称,备注\n临溪村,\"有 \"\"引号\"\",\n两行\"\n\n东山,联通\n"
	for name, content := range map[string]string{
		"utf-8": text, "bom": "\uFEFF" + text, "gb18030": gb(t, text), "crlf": strings.ReplaceAll(text, "\n", "\r\n"),
		"tabs": strings.ReplaceAll(strings.ReplaceAll(text, "称,", "称\t"), "山,", "山\t"),
	} {
		if name == "tabs" {
			content = strings.Replace(content, "村,", "村\t", 1)
		}
		rows, bad, err := all(t, file(t, "a.csv", content))
		if err != nil || len(bad) > 0 || len(rows) != 2 {
			t.Errorf("%s: %v %v %v", name, rows, bad, err)
			continue
		}
		if note := strings.ReplaceAll(rows[0].Fields["备注"], "\r", ""); rows[0].Fields["名称"] != "临溪村" || note != "有 \"引号\",\n两行" || rows[1].Number != 5 || rows[1].Fields["备注"] != "联通" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

func TestForeignLinesAreRejectedOneByOne(t *testing.T) {
	mixed := "名称\n临溪村\n" + gb(t, "东山村\n") + "南岭村\n"
	rows, bad, err := all(t, file(t, "a.csv", mixed))
	if err != nil || len(rows) != 2 || len(bad) != 1 || bad[0].Number != 3 {
		t.Errorf("UTF-8 with a GB18030 line: %v %v %v", rows, bad, err)
	}
	mixed = gb(t, "名称\n临溪村\n") + "东山村\n" + gb(t, "南岭村\n")
	rows, bad, err = all(t, file(t, "a.csv", mixed))
	if err != nil || len(rows) != 2 || len(bad) != 1 || bad[0].Number != 3 {
		t.Errorf("GB18030 with a UTF-8 line: %v %v %v", rows, bad, err)
	}
}

func TestFilesThatAreNoTables(t *testing.T) {
	for name, content := range map[string]string{
		"empty.csv": "", "blank.csv": "\n \n", "twice.csv": "a,b,a\n1,2,3\n", "zero.csv": "a\x00b\n", "long.csv": "a\n" + strings.Repeat("x", 3<<20),
		"quote.csv": "a\n\"" + strings.Repeat("x\n", 1<<20), "empty.geojson": "", "list.geojson": "[1]", "no.geojson": `{"type":"x"}`,
		"cut.geojson":  `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null},{"ty`,
		"cut2.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}`,
		"text.xlsx":    "no zip", "text.shp": "no shape", "a.doc": "",
	} {
		_, _, err := all(t, file(t, name, content))
		if planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLineOfAGigabyteIsNotHeld(t *testing.T) {
	path := file(t, "big.csv", "a,b\n1,2\n")
	if err := os.Truncate(path, 8); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := strings.Repeat("y", 1<<20)
	for range 32 {
		if _, err := f.WriteString(block); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Open(t.Context(), path, "utf-8", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); planner.KindOf(err) != planner.Invalid {
		t.Errorf("long line: %v", err)
	}
	if held := cap(r.(*csvReader).record); held > 4*maxRecord {
		t.Errorf("%d bytes held for one record", held)
	}
}

func TestXLSXKeepsLongCodesAndRowNumbers(t *testing.T) {
	book := excelize.NewFile()
	for cell, v := range map[string]any{"A2": "设施编号", "B2": "床位数(张)", "A3": 990121101201, "B3": 40, "A5": "F2"} {
		if err := book.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	rows, _, err := all(t, path)
	if err != nil || len(rows) != 2 || rows[0].Fields["设施编号"] != "990121101201" || rows[0].Number != 3 || rows[1].Number != 5 || rows[1].Fields["床位数(张)"] != "" {
		t.Errorf("%+v %v", rows, err)
	}
}

func TestGeoJSONFeatures(t *testing.T) {
	path := file(t, "a.geojson", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[
		{"type":"Feature","id":7,"properties":{"b":"x","a":990121101201,"services":["day_care","meal_point"]},"geometry":{"type":"Point","coordinates":[121.5,28.5,3]}},
		{"type":"Feature","properties":{"c":null},"geometry":{"type":"Nonsense","coordinates":[]}},
		{"type":"Feature","properties":null,"geometry":null}],"name":"later"}`)
	rows, bad, err := all(t, path)
	if err != nil || len(rows) != 2 || len(bad) != 1 || bad[0].Number != 2 {
		t.Fatalf("%+v %v %v", rows, bad, err)
	}
	f := rows[0].Fields
	if f["a"] != "990121101201" || f["id"] != "7" || f["services"] != "day_care、meal_point" || rows[0].Geometry != (orb.Point{121.5, 28.5}) || rows[1].Geometry != nil {
		t.Errorf("%+v", rows)
	}
	r, err := Open(t.Context(), path, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if c, err := r.CRS(); err != nil || c.String() != "EPSG:4490" {
		t.Errorf("%v %v", c, err)
	}
}
