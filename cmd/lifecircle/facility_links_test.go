package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/data/store"
)

// The review list is filled in by an official and taken back.
func TestReviewListComesBack(t *testing.T) {
	pool := datatest.Open(t)
	dir := t.TempDir()
	for _, f := range [][2]string{
		{"units", "区划代码,名称\n990000000000,虚省\n990100000000,虚州市\n990121000000,澄浦县\n990121001000,澄阳街道\n990121001001,城北社区\n990121002000,龙埠镇\n990121002201,上塘村\n"},
		{"addresses", "地址编码,标准地址,行政区代码,街路巷,门牌号,经度,纬度\nh1,虚省虚州市澄浦县澄阳街道城北社区前街1号,990121001001,前街,1号,120.10,29.10\nh3,虚省虚州市澄浦县龙埠镇上塘村前街1号,990121002201,前街,1号,120.20,29.20\nh4,虚省虚州市澄浦县龙埠镇上塘村后街7号,990121002201,后街,7号,120.21,29.20\n"},
		{"facilities", "设施编号,设施名称,服务类型,行政区代码,详细地址\n001,同名街道,日间照料中心,,前街1号\n002,行政区不符,日间照料中心,990121001001,龙埠镇后街7号\n003,不存在,日间照料中心,,龙埠镇后街99号\n004,未填,日间照料中心,,别处\n"},
	} {
		file := filepath.Join(dir, f[0]+".csv")
		if err := os.WriteFile(file, []byte(f[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.Import(t.Context(), pool, ingest.Options{Kind: f[0], Files: []string{file}, CRS: "EPSG:4326"}); err != nil {
			t.Fatal(err)
		}
	}
	var errs bytes.Buffer
	s := &session{ctx: t.Context(), out: &errs, errs: &errs}
	g := store.New(pool).Geocoding()
	if err := linkImported(s, g); err != nil || !strings.Contains(errs.String(), "待核3") {
		t.Fatal(err, errs.String())
	}
	list := filepath.Join(dir, "review.xlsx")
	if err := writeReview(s, g, list); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(list)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != 5 || rows[1][0] != "001" || rows[1][4] != "待核" || !strings.HasSuffix(rows[1][11], "上塘村前街1号") || rows[3][6] != "街路巷" || rows[4][4] != "未找到" {
		t.Fatal(rows, err)
	}
	for cell, said := range map[string]string{"P2": "2", "P3": "采用", "P4": "h4", "P5": "9", "Q3": "核对过"} {
		if err := book.SetCellStr("Sheet1", cell, said); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
	errs.Reset()
	bad, err := takeDecisions(s, g, list)
	if err != nil || bad != 1 || !strings.HasPrefix(errs.String(), "5: ") {
		t.Fatal(bad, err, errs.String())
	}
	for key, want := range map[string]string{"001": "h3", "002": "h4", "003": "h4", "004": ""} {
		var got string
		if err := pool.QueryRow(t.Context(), `SELECT coalesce(address_id, '') FROM facility WHERE key = $1 AND to_version = open_version()`, key).Scan(&got); err != nil || got != want {
			t.Errorf("%s stands at %q, want %q: %v", key, got, want, err)
		}
	}
	if err := writeReview(s, g, list); err != nil {
		t.Fatal(err)
	}
	if book, err = excelize.OpenFile(list); err != nil {
		t.Fatal(err)
	}
	if rows, _ = book.GetRows("Sheet1"); len(rows) != 2 || rows[1][0] != "004" {
		t.Errorf("still to be checked: %v", rows)
	}
}
