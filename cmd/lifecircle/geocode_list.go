package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// listCount is what became of the rows of a list.
type listCount struct {
	Rows       int    `json:"rows"`
	Matched    int    `json:"matched"`
	Ambiguous  int    `json:"ambiguous"`
	Unmatched  int    `json:"unmatched"`
	Unreadable int    `json:"unreadable"` // kept, with the reason, as unmatched
	Out        string `json:"out"`
}

// listRow is a row on its way through; why is set when it cannot be asked.
type listRow struct {
	cells []string
	text  string
	point orb.Point
	why   string
}

// list geocodes a list: the same rows, in order, all of them, with columns added.
// The result appears under its name when it is whole.
func (c *geocodeCommand) list(s *session, g geocoder, within planner.Code, system crs.CRS) error {
	in, err := ingest.Open(s.ctx, c.File, c.Encoding, func(cells []string) int {
		if columns := c.columns(cells); slices.Contains(columns, -1) {
			return 0
		}
		return 1
	})
	if err != nil {
		return err
	}
	defer in.Close()
	header := in.Header()
	columns := c.columns(header)
	if slices.Contains(columns, -1) {
		return planner.Errorf(planner.Invalid, "%[1]s 中没有地址列(或经度、纬度列);表头:%[2]s;可用 --column 指定", "%[1]s has no column of addresses (or of lon and lat); its headings: %[2]s; name it with --column", filepath.Base(c.File), strings.Join(header, "、"))
	}
	count := listCount{Out: c.Out}
	if count.Out == "" {
		ext := filepath.Ext(c.File)
		if count.Out = strings.TrimSuffix(c.File, ext) + "_geocoded"; strings.HasPrefix(strings.ToLower(ext), ".xls") {
			count.Out += ".xlsx"
		} else {
			count.Out += ".csv"
		}
	}
	out, err := createList(count.Out)
	if err != nil {
		return err
	}
	defer out.discard()
	added := geocode.Columns
	if c.Reverse {
		added = geocode.HereColumns
	}
	if err := out.row(slices.Concat(header, added)); err != nil {
		return err
	}
	var ready []listRow
	for done := false; !done; {
		row, err := in.Next()
		bad := (*ingest.RowError)(nil)
		switch {
		case errors.Is(err, io.EOF):
			done = true
		case errors.As(err, &bad):
			ready = append(ready, listRow{cells: cellsOf(header, bad.Values), why: bad.Text.ZH})
		case err != nil:
			return err
		default:
			ready = append(ready, c.read(cellsOf(header, row.Values), columns, system))
		}
		if len(ready) == atOnce || done {
			if err := c.answer(s, g, within, ready, out, &count); err != nil {
				return err
			}
			ready = ready[:0]
			if isTerminal(s.errs) {
				fmt.Fprintf(s.errs, "\r%d rows", count.Rows)
			}
		}
	}
	if err := out.close(); err != nil {
		return err
	}
	if s.json {
		err = json.NewEncoder(s.out).Encode(count)
	} else {
		_, err = fmt.Fprintf(s.out, "%s: %d rows; %d matched, %d ambiguous, %d unmatched, %d of them unreadable / %d行:已匹配%d,待确认%d,未匹配%d\n",
			count.Out, count.Rows, count.Matched, count.Ambiguous, count.Unmatched, count.Unreadable, count.Rows, count.Matched, count.Ambiguous, count.Unmatched)
	}
	if err == nil && count.Unreadable > 0 {
		err = errRejected
	}
	return err
}

// columns finds what is asked: the address, or lon and lat; −1 is not there.
func (c *geocodeCommand) columns(header []string) []int {
	if !c.Reverse {
		if c.Column != "" {
			return []int{slices.Index(header, c.Column)}
		}
		return []int{geocode.AddressColumn(header)}
	}
	x, y := geocode.PointColumns(header)
	return []int{x, y}
}

func (c *geocodeCommand) read(cells []string, columns []int, system crs.CRS) listRow {
	r := listRow{cells: cells, text: cells[columns[0]]}
	if c.Reverse {
		var ok bool
		if r.point, ok = pointOf(cells[columns[0]], cells[columns[1]], system); !ok {
			r.why = "坐标缺失或不在坐标系范围内"
		}
	}
	return r
}

// answer writes the rows with what was found.
func (c *geocodeCommand) answer(s *session, g geocoder, within planner.Code, rows []listRow, out *listFile, count *listCount) error {
	var texts []string
	var points []orb.Point
	for _, r := range rows {
		if r.why == "" {
			texts, points = append(texts, r.text), append(points, r.point)
		}
	}
	var found [][]string
	if c.Reverse {
		all, err := g.Reverse(s.ctx, points, c.Metres)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].Nearest != nil {
				count.Matched++
			} else {
				count.Unmatched++
			}
			found = append(found, all[i].Values())
		}
	} else {
		all, err := g.Geocode(s.ctx, texts, within)
		if err != nil {
			return err
		}
		for i := range all {
			switch all[i].Status {
			case geocode.Matched:
				count.Matched++
			case geocode.Ambiguous:
				count.Ambiguous++
			default:
				count.Unmatched++
			}
			found = append(found, all[i].Values())
		}
	}
	next := 0
	for _, r := range rows {
		count.Rows++
		values := []string(nil)
		if r.why != "" {
			count.Unmatched++
			count.Unreadable++
			if values = geocode.NoValues(r.why); c.Reverse {
				values = geocode.NoHere(r.why)
			}
		} else {
			values = found[next]
			next++
		}
		if err := out.row(slices.Concat(r.cells, values)); err != nil {
			return err
		}
	}
	return nil
}

func cellsOf(header, values []string) []string {
	cells := make([]string, len(header))
	copy(cells, values)
	return cells
}

// listFile writes CSV (with the mark that Excel needs) or XLSX, whole or not at all.
type listFile struct {
	path  string
	file  *os.File
	csv   *csv.Writer
	book  *excelize.File
	sheet *excelize.StreamWriter
	n     int
}

func createList(path string) (f *listFile, err error) {
	f = &listFile{path: path}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".xlsx":
	default:
		return nil, usageError{planner.Errorf(planner.Invalid, "结果文件应为 .csv 或 .xlsx:%s", "the result is a .csv or .xlsx, not %s", path)}
	}
	if f.file, err = os.CreateTemp(filepath.Dir(path), ".geocoded-*"); err != nil {
		return nil, planner.Wrap(err, planner.Invalid, "无法写入 %s", "cannot write %s", path)
	}
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		f.csv = csv.NewWriter(f.file)
		_, err = f.file.WriteString("\uFEFF")
		return f, err
	}
	f.book = excelize.NewFile()
	f.sheet, err = f.book.NewStreamWriter("Sheet1")
	return f, err
}

func (f *listFile) row(cells []string) error {
	f.n++
	if f.csv != nil {
		return f.csv.Write(cells)
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	return f.sheet.SetRow(fmt.Sprintf("A%d", f.n), row)
}

func (f *listFile) close() error {
	if f.csv != nil {
		f.csv.Flush()
		if err := f.csv.Error(); err != nil {
			return err
		}
	} else {
		if err := f.sheet.Flush(); err != nil {
			return err
		}
		if err := f.book.Write(f.file); err != nil {
			return err
		}
	}
	if err := errors.Join(f.file.Chmod(0o644), f.file.Close()); err != nil {
		return err
	}
	return os.Rename(f.file.Name(), f.path)
}

// discard removes what was not closed.
func (f *listFile) discard() {
	f.file.Close()
	os.Remove(f.file.Name())
	if f.book != nil {
		f.book.Close()
	}
}
