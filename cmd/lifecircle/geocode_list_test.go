package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// oneCounty is a gazetteer of one county without houses; what lies at a point is said by the point.
type oneCounty struct{ *geocode.Geocoder }

func county() oneCounty {
	return oneCounty{&geocode.Geocoder{Names: geocode.Build([]geocode.Name{{Level: "county", Code: "990121000000", Name: "澄浦县"}, {Level: "township", Code: "990121001000", Name: "澄阳街道"}})}}
}

func (oneCounty) Reverse(_ context.Context, points []orb.Point, _ float64) ([]geocode.Here, error) {
	out := make([]geocode.Here, len(points))
	for i, p := range points {
		out[i] = geocode.Here{Point: p, Nearest: &geocode.Place{Text: "某处", Point: &p}, Divisions: []geocode.Division{{Code: "990121001001", Level: "village", Name: "城北社区"}}}
	}
	return out, nil
}

// listed runs a list through and gives the rows of the result.
func listed(t *testing.T, name, content string, c geocodeCommand) ([][]string, string, error) {
	t.Helper()
	c.File = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(c.File, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if c.Out != "" {
		c.Out = filepath.Join(filepath.Dir(c.File), c.Out)
	}
	c.Metres = 500
	var out, errs bytes.Buffer
	err := c.list(&session{ctx: t.Context(), out: &out, errs: &errs}, county(), "", crs.WGS84)
	if err != nil && !errors.Is(err, errRejected) {
		return nil, "", err
	}
	if c.Out == "" {
		c.Out = strings.TrimSuffix(c.File, filepath.Ext(c.File)) + "_geocoded.csv"
	}
	var rows [][]string
	if strings.HasSuffix(c.Out, ".xlsx") {
		book, err := excelize.OpenFile(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		if rows, err = book.GetRows("Sheet1"); err != nil {
			t.Fatal(err)
		}
	} else {
		b, err := os.ReadFile(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err = csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\uFEFF"))).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	left, err2 := os.ReadDir(filepath.Dir(c.File))
	if err2 != nil || len(left) != 2 {
		t.Errorf("%d files are left beside the list", len(left))
	}
	return rows, out.String(), err
}

func TestAListComesBackWhole(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("养老机构名单\n编号,机构地址,备注\n001,澄浦县澄阳街道,甲\n002,杭州,\n003,,\"乙,丙\"\n004,多,了,一列\n005,澄阳镇,丁\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{"", "result.xlsx"} {
		rows, said, err := listed(t, "list.csv", gbk, geocodeCommand{Out: out})
		if !errors.Is(err, errRejected) || len(rows) != 6 {
			t.Fatalf("%d rows, %v: %q", len(rows), err, rows)
		}
		for i, want := range []string{"编号|机构地址|备注|匹配状态", "001|澄浦县澄阳街道|甲|已匹配", "002|杭州||未匹配", "003||乙,丙|未匹配", "004|多|了|未匹配", "005|澄阳镇|丁|已匹配"} {
			if got := strings.Join(rows[i][:4], "|"); got != want {
				t.Errorf("%s row %d: %s, want %s", out, i, got, want)
			}
		}
		if !strings.Contains(rows[4][12], "列数多于表头") {
			t.Errorf("why row 4 is unmatched: %q", rows[4])
		}
		if !strings.Contains(said, "5 rows; 2 matched, 0 ambiguous, 3 unmatched, 1 of them unreadable") {
			t.Errorf("said %s", said)
		}
	}
}

func TestAListOfPoints(t *testing.T) {
	rows, _, err := listed(t, "points.csv", "id,经度,纬度\n1,120.1,29.1\n2,,\n3,29.1,120.1\n", geocodeCommand{Reverse: true})
	if !errors.Is(err, errRejected) || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	if rows[1][3] != "已匹配" || rows[1][11] != "城北社区" || rows[2][3] != "未匹配" || rows[3][3] != "未匹配" {
		t.Errorf("%q", rows)
	}
}

func TestAListWithoutAddressesIsRefused(t *testing.T) {
	for _, c := range []geocodeCommand{{}, {Column: "住址"}, {Reverse: true}} {
		if _, _, err := listed(t, "list.csv", "编号,名称\n1,甲\n", c); planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), "编号、名称") {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if rows, _, err := listed(t, "list.csv", "编号,名称\n1,澄浦县\n", geocodeCommand{Column: "名称"}); err != nil || rows[1][2] != "已匹配" {
		t.Errorf("%q %v", rows, err)
	}
	if _, _, err := listed(t, "list.csv", "编号,地址\n1,甲\n", geocodeCommand{Out: "x.pdf"}); !errors.As(err, &usageError{}) {
		t.Errorf("a result that is no list: %v", err)
	}
}
