package ingest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// xlsxReader streams a sheet from its heading on. Cells are read raw, so that
// long codes keep their digits and dates are Excel's day numbers.
type xlsxReader struct {
	book   *excelize.File
	rows   *excelize.Rows
	header []string
	number int
	ahead  []sheetRow // rows that were looked at to find the heading
}

type sheetRow struct {
	number int
	cells  []string
}

func openXLSX(path, sheet string, known recognise) (_ Reader, err error) {
	if err := isWorkbook(path); err != nil {
		return nil, err
	}
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
	sheets := []string{sheet}
	if sheet == "" {
		sheets = book.GetSheetList()
	}
	best, chosen := -1, sheets[0]
	for _, name := range sheets {
		n, err := r.begin(name, known)
		if err != nil {
			return nil, err
		}
		if n > best {
			best, chosen = n, name
		}
	}
	if len(sheets) > 1 {
		if _, err := r.begin(chosen, known); err != nil {
			return nil, err
		}
	}
	if r.header == nil {
		return nil, planner.Errorf(planner.Invalid, "工作表「%s」是空的:没有表头", "sheet %q is empty: it has no header", chosen)
	}
	return r, checkHeader(r.header)
}

// isWorkbook looks at the first bytes: many a .xlsx is an older workbook, or a web page, under a new name.
func isWorkbook(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var head [8]byte
	n, err := io.ReadFull(f, head[:])
	switch text := string(bytes.TrimLeft(head[:n], "\xef\xbb\xbf \r\n\t")); {
	case n == 0:
		return planner.Errorf(planner.Invalid, "文件是空的", "the file is empty")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case strings.HasPrefix(text, "PK"):
		return nil
	case string(head[:]) == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
		return planner.Errorf(planner.Invalid, "这是旧版 .xls 工作簿,或加了密码;请在表格软件中打开并另存为 .xlsx(不加密码)", "this is an old .xls workbook, or one with a password: open it and save it as .xlsx, without password")
	case strings.HasPrefix(text, "<"):
		return planner.Errorf(planner.Invalid, "这是网页(HTML/XML),不是工作簿;请在表格软件中打开并另存为 .xlsx", "this is a web page (HTML or XML), no workbook: open it in a spreadsheet and save it as .xlsx")
	}
	return planner.Errorf(planner.Invalid, "不是 XLSX 工作簿", "no XLSX workbook")
}

// begin goes to the heading of a sheet and gives how many of its columns are known, −1 for an empty sheet.
func (r *xlsxReader) begin(sheet string, known recognise) (int, error) {
	if r.rows != nil {
		if err := r.rows.Close(); err != nil {
			return -1, err
		}
	}
	var err error
	r.header, r.ahead, r.number = nil, nil, 0
	if r.rows, err = r.book.Rows(sheet); err != nil {
		return -1, err
	}
	var cells [][]string
	for len(r.ahead) < lead {
		row, err := r.read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return -1, err
		}
		cells, r.ahead = append(cells, row), append(r.ahead, sheetRow{r.number, row})
	}
	if len(cells) == 0 {
		return -1, nil
	}
	header, at, n := known.heading(cells)
	r.header, r.ahead = header, r.ahead[at+1:]
	return n, nil
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
	var cells []string
	number := 0
	if len(r.ahead) > 0 {
		number, cells, r.ahead = r.ahead[0].number, r.ahead[0].cells, r.ahead[1:]
	} else {
		var err error
		if cells, err = r.read(); err != nil {
			return Row{}, err
		}
		number = r.number
	}
	cells = cells[:min(len(cells), len(r.header))]
	for i, v := range cells {
		cells[i] = strings.TrimSpace(v)
	}
	return Row{Number: number, Values: cells}, nil
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
