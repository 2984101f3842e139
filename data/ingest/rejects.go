package ingest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
)

// Sheets of the list: rejected rows, which are read when the workbook comes back, and rows
// that were kept and that somebody should look at.
const (
	rejectSheet = "rejects"
	noteSheet   = "notes"
	maxListed   = 1_000_000 // rows of both sheets
)

// writeRejects writes the list of rejected and noted rows: file, row, reason in both
// languages, then the row itself under the headers of the files, as text, so that
// it can be corrected and imported again. The files are read once more for it:
// of a row that is wrong nothing but its place was kept.
func (im *importer) writeRejects(ctx context.Context, path string) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName("Sheet1", rejectSheet); err != nil {
		return err
	}
	header := slices.Clone(im.header)
	head := []any{"退回文件", "退回行号", "退回原因", "reason"}
	for _, h := range header {
		head = append(head, h)
	}
	sheets, lines := map[string]*excelize.StreamWriter{}, map[string]int{}
	write := func(name string, cells []any) (err error) {
		if sheets[name] == nil {
			if _, err := book.NewSheet(name); err != nil {
				return err
			}
			if sheets[name], err = book.NewStreamWriter(name); err != nil {
				return err
			}
			if err := sheets[name].SetRow("A1", head); err != nil {
				return err
			}
			lines[name] = 1
		}
		lines[name]++
		return sheets[name].SetRow(fmt.Sprintf("A%d", lines[name]), cells)
	}
	remarks, err := im.conn.Query(ctx, im.fill(`SELECT seq, zh, en, kept FROM {remarks} ORDER BY seq LIMIT $1`), maxListed)
	if err != nil {
		return err
	}
	defer remarks.Close()
	var seq int64
	var zh, en string
	var kept bool
	next := func() error {
		seq = 0
		if remarks.Next() {
			return remarks.Scan(&seq, &zh, &en, &kept)
		}
		return remarks.Err()
	}
	if err := next(); err != nil {
		return err
	}
	read := im.read
	defer func() { im.read = read }()
	err = im.eachRow(ctx, func(file int, row Row, _ binding, _ *planner.Text) error {
		for seq == im.read {
			cells := []any{filepath.Base(im.o.Files[file]), row.Number, zh, en}
			columns := im.reader.Header()
			for _, h := range header {
				if at := slices.Index(columns, h); at >= 0 && at < len(row.Values) {
					cells = append(cells, row.Values[at])
				} else {
					cells = append(cells, "")
				}
			}
			sheet := rejectSheet
			if kept {
				sheet = noteSheet
			}
			if err := errors.Join(write(sheet, cells), next()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range sheets {
		if err := s.Flush(); err != nil {
			return err
		}
	}
	return book.SaveAs(path)
}
