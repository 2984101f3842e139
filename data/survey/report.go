package survey

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/geo/roadsurvey"
	"github.com/lifecircle/lifecircle/planner"
)

// WriteReport writes the repairs, the gaps that were left open, the unknown words and the rejected rows: a workbook with a
// sheet for each (.xlsx), or the repairs and gaps as lines (.geojson). Another ending is Invalid.
func WriteReport(path string, r *roadsurvey.Report) error {
	part := path + ".part"
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
		err = writeBook(part, r)
	case ".geojson", ".json":
		err = writeLines(part, r)
	default:
		return planner.Errorf(planner.Invalid, "「%s」应以 .xlsx 或 .geojson 结尾", "%s must end in .xlsx or .geojson", path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, path)
}

func writeBook(path string, r *roadsurvey.Report) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	gaps := func(name string, list []roadsurvey.Gap) error {
		return sheet(book, name, []any{"文件", "行号", "端点经度", "端点纬度", "距离(米)", "应接文件", "应接行号", "应接处经度", "应接处纬度"}, len(list), func(i int) []any {
			g := list[i]
			return []any{g.File, g.Row, g.At[0], g.At[1], g.Metres, g.OnFile, g.OnRow, g.To[0], g.To[1]}
		})
	}
	if err := gaps("已修补 repaired", r.Repairs); err != nil {
		return err
	}
	if err := gaps("待核实缺口 gaps", r.Suspects); err != nil {
		return err
	}
	if err := sheet(book, "退回 rejected", []any{"文件", "行号", "原因", "reason"}, len(r.Rejected), func(i int) []any {
		return []any{r.Rejected[i].File, r.Rejected[i].Row, r.Rejected[i].ZH, r.Rejected[i].EN}
	}); err != nil {
		return err
	}
	if err := sheet(book, "不认识的用词 unknown words", []any{"文件", "列", "用词", "行数"}, len(r.Unknown), func(i int) []any {
		u := r.Unknown[i]
		if u.Word != "" && strings.ContainsRune("=+-@\t\r", rune(u.Word[0])) {
			u.Word = "'" + u.Word // a spreadsheet would run it
		}
		return []any{u.File, u.Column, u.Word, u.Rows}
	}); err != nil {
		return err
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(book.Write(f), f.Close())
}

func sheet(book *excelize.File, name string, head []any, rows int, row func(int) []any) error {
	if _, err := book.NewSheet(name); err != nil {
		return err
	}
	w, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, len(head), 16); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i := range min(rows, 1_000_000) { // a sheet holds no more
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row(i)); err != nil {
			return err
		}
	}
	return w.Flush()
}

func writeLines(path string, r *roadsurvey.Report) error {
	all := geojson.NewFeatureCollection()
	add := func(state string, list []roadsurvey.Gap) {
		for _, g := range list {
			f := geojson.NewFeature(orb.LineString{g.At, g.To})
			f.Properties = geojson.Properties{"state": state, "file": g.File, "row": g.Row, "metres": g.Metres, "on_file": g.OnFile, "on_row": g.OnRow}
			all.Append(f)
		}
	}
	add("repaired", r.Repairs)
	add("open", r.Suspects)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(f).Encode(all), f.Close())
}
