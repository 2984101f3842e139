package ingest

import (
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// xlsxReader streams a sheet: the first row with text is the header. Cells are
// read raw, so that long codes keep their digits and dates are Excel's day numbers.
type xlsxReader struct {
	book   *excelize.File
	rows   *excelize.Rows
	header []string
	number int
}

func openXLSX(path, sheet string) (_ Reader, err error) {
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: 4 << 30, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, err
	}
	r := &xlsxReader{book: book}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	if sheet == "" {
		sheet = book.GetSheetName(0)
	}
	if r.rows, err = book.Rows(sheet); err != nil {
		return nil, err
	}
	cells, err := r.read()
	if errors.Is(err, io.EOF) {
		return nil, planner.Errorf(planner.Invalid, "工作表「%s」是空的:没有表头", "sheet %q is empty: it has no header", sheet)
	} else if err != nil {
		return nil, err
	}
	r.header = cells
	return r, checkHeader(r.header)
}

// read gives the cells of the next row with text.
func (r *xlsxReader) read() ([]string, error) {
	for r.rows.Next() {
		r.number++
		cells, err := r.rows.Columns()
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return cells, nil
		}
	}
	if err := r.rows.Error(); err != nil {
		return nil, err
	}
	return nil, io.EOF
}

func (r *xlsxReader) Next() (Row, error) {
	cells, err := r.read()
	if err != nil {
		return Row{}, err
	}
	row := Row{Number: r.number, Fields: make(map[string]string, len(r.header))}
	for i, v := range cells {
		if i < len(r.header) {
			row.Fields[r.header[i]] = strings.TrimSpace(v)
		}
	}
	return row, nil
}

func (r *xlsxReader) Header() []string      { return r.header }
func (r *xlsxReader) CRS() (crs.CRS, error) { return crs.CRS{}, nil }

func (r *xlsxReader) Close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.book.Close())
}
