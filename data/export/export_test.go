package export

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

type lines []string

func (l lines) Stream(_ context.Context, _ layer.Query, each func([]byte) error) error {
	for _, f := range l {
		if err := each([]byte(f)); err != nil {
			return err
		}
	}
	return nil
}

var two = lines{
	`{"type":"Feature","id":"g1","geometry":{"type":"Point","coordinates":[120.5,29.25]},"properties":{"gap_id":"g1","name":"下坑村","people":63,"minutes":27.1,"unit_code":"990121101201"}}`,
	`{"type":"Feature","id":"g2","geometry":null,"properties":{"gap_id":"g2","name":"=1+1","people":7,"minutes":null,"unit_code":"990121101202"}}`,
}

func write(t *testing.T, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := Write(t.Context(), two, layer.Query{Collection: "gaps"}, format, &b)
	if err != nil || n != 2 {
		t.Fatalf("%s: %d features, %v", format, n, err)
	}
	return b.Bytes()
}

func TestGeoJSON(t *testing.T) {
	var c struct{ Features []json.RawMessage }
	if err := json.Unmarshal(write(t, "geojson"), &c); err != nil || len(c.Features) != 2 {
		t.Errorf("%d features, %v", len(c.Features), err)
	}
}

func TestCSVForExcel(t *testing.T) {
	s := string(write(t, "csv"))
	for _, want := range []string{"\ufeff缺口编号,", "下坑村", ",63,", "27.1", ",'=1+1,", "120.5,29.25\n"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in\n%s", want, s)
		}
	}
}

func TestXLSXHasNumbersAndCodes(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("缺口")
	if err != nil || len(rows) != 3 || rows[0][0] != "缺口编号" || rows[1][2] != "990121101201" {
		t.Fatalf("%v %v", rows, err)
	}
	if kind, err := f.GetCellType("缺口", "G2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("people are of type %v, %v", kind, err)
	}
}

func TestUnknownFormatAndLayer(t *testing.T) {
	if _, err := Write(t.Context(), two, layer.Query{Collection: "gaps"}, "dwg", &bytes.Buffer{}); planner.KindOf(err) != planner.Invalid {
		t.Error(err)
	}
	if _, err := Write(t.Context(), two, layer.Query{Collection: "none"}, "csv", &bytes.Buffer{}); planner.KindOf(err) != planner.NotFound {
		t.Error(err)
	}
}
