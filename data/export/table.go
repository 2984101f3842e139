package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// sheet takes rows of cells, in the order of headings.
type sheet interface {
	Row(cells []any) error
	Close() error
}

// table writes the properties and, for points, lon and lat.
func table(ctx context.Context, from Source, q layer.Query, c layer.Collection, to sheet) (n int, err error) {
	var head []any
	for _, p := range c.Properties {
		head = append(head, p.Title.ZH)
	}
	if c.Geometry == "Point" {
		head = append(head, "经度", "纬度")
	}
	if err := to.Row(head); err != nil {
		return 0, err
	}
	err = from.Stream(ctx, q, func(feature []byte) error {
		var f struct {
			Geometry *struct {
				Type        string
				Coordinates json.RawMessage
			}
			Properties map[string]any
		}
		dec := json.NewDecoder(bytes.NewReader(feature))
		dec.UseNumber()
		if err := dec.Decode(&f); err != nil {
			return err
		}
		var cells []any
		for _, p := range c.Properties {
			cells = append(cells, cell(f.Properties[p.Name]))
		}
		if c.Geometry == "Point" {
			var at [2]float64
			if f.Geometry == nil || json.Unmarshal(f.Geometry.Coordinates, &at) != nil {
				cells = append(cells, nil, nil)
			} else {
				cells = append(cells, at[0], at[1])
			}
		}
		n++
		return to.Row(cells)
	})
	if err != nil {
		return n, err
	}
	return n, to.Close()
}

// cell keeps numbers as numbers. Text that a spreadsheet would run as a formula is quoted.
func cell(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		return f
	case string:
		if v != "" && bytes.IndexByte([]byte("=+-@\t\r"), v[0]) >= 0 {
			return "'" + v
		}
		return v
	}
	return v
}

type csvSheet struct{ w *csv.Writer }

// newCSV starts with a byte order mark: Excel takes the file for GBK without it.
func newCSV(w io.Writer) sheet {
	_, _ = io.WriteString(w, "\ufeff") // a failure shows again at the first row
	return csvSheet{csv.NewWriter(w)}
}

func (s csvSheet) Row(cells []any) error {
	row := make([]string, len(cells))
	for i, c := range cells {
		if c != nil {
			row[i] = fmt.Sprint(c)
		}
	}
	return s.w.Write(row)
}

func (s csvSheet) Close() error {
	s.w.Flush()
	return s.w.Error()
}

type xlsxSheet struct {
	book *excelize.File
	rows *excelize.StreamWriter
	to   io.Writer
	n    int
}

func newXLSX(c layer.Collection, w io.Writer) (sheet, error) {
	book := excelize.NewFile()
	if err := book.SetSheetName("Sheet1", c.Title.ZH); err != nil {
		return nil, err
	}
	rows, err := book.NewStreamWriter(c.Title.ZH)
	if err != nil {
		return nil, err
	}
	if err := rows.SetColWidth(1, len(c.Properties)+2, 16); err != nil {
		return nil, err
	}
	if err := rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return &xlsxSheet{book: book, rows: rows, to: w}, nil
}

func (s *xlsxSheet) Row(cells []any) error {
	s.n++
	return s.rows.SetRow(fmt.Sprintf("A%d", s.n), cells)
}

func (s *xlsxSheet) Close() error {
	if err := s.rows.Flush(); err != nil {
		return err
	}
	return s.book.Write(s.to)
}
