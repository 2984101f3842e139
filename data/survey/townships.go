package survey

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/completeness"
)

// townshipHead are the columns of the table of townships.
var townshipHead = []any{"乡镇代码", "县(市、区)", "乡镇(街道)", "面积(平方公里)", "人口", "道路(公里)", "步行道(公里)", "步行道占比", "每平方公里道路(公里)", "每千人道路(公里)",
	"住址数", "100米内无路", "500米内无路", "可达住址占比", "村(社区)数", "500米内无路的村", "不连通路段", "不连通公里", "断头路相邻", "缺口待核实", "原因"}

func townshipRow(t completeness.Township) []any {
	var people, reachable any
	if t.People != nil {
		people = *t.People
	}
	if t.Addresses > 0 {
		reachable = fmt.Sprintf("%.1f%%", 100*float64(t.Reachable)/float64(t.Addresses))
	}
	verify := ""
	if t.Verify {
		verify = "待核实"
	}
	var why []string
	for _, f := range t.Findings {
		why = append(why, f.ZH)
	}
	return []any{string(t.Code), t.County, t.Name, t.KM2, people, t.StreetKM, t.FootKM, fmt.Sprintf("%.1f%%", 100*t.FootShare), t.PerKM2, t.PerPeople,
		t.Addresses, t.Far100, t.Far500, reachable, t.Villages, t.FarVill, t.Pieces, t.PiecesKM, t.NearMiss, verify, strings.Join(why, ";")}
}

// WriteTownships writes the report as a table, the townships to verify marked with the reasons: .csv or .xlsx.
func WriteTownships(path string, r *completeness.Report) error {
	part := path + ".part"
	f, err := os.Create(part)
	if err != nil {
		return err
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		err = townshipsCSV(f, r)
	case ".xlsx":
		err = townshipsXLSX(f, r)
	default:
		err = planner.Errorf(planner.Invalid, "「%s」应以 .csv 或 .xlsx 结尾", "%s must end in .csv or .xlsx", path)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, path)
}

func townshipsCSV(to io.Writer, r *completeness.Report) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil { // Excel takes the file for GBK without it
		return err
	}
	w := csv.NewWriter(to)
	write := func(cells []any) {
		row := make([]string, len(cells))
		for i, c := range cells {
			if c != nil {
				row[i] = fmt.Sprint(c)
			}
		}
		_ = w.Write(row) // shows again in Error
	}
	write(townshipHead)
	for _, t := range append(r.Townships[:len(r.Townships):len(r.Townships)], r.Whole) {
		write(townshipRow(t))
	}
	w.Flush()
	return w.Error()
}

func townshipsXLSX(to io.Writer, r *completeness.Report) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	all := append(r.Townships[:len(r.Townships):len(r.Townships)], r.Whole)
	if err := sheet(book, "路网完整性", townshipHead, len(all), func(i int) []any { return townshipRow(all[i]) }); err != nil {
		return err
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	return book.Write(to)
}
