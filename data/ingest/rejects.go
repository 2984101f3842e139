package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"
)

// writeRejects writes the list of rejected rows: file, row, reason in both
// languages, then the row itself under the headers of the files, as text, so that
// it can be corrected and imported again.
func (im *importer) writeRejects(ctx context.Context, path string) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName("Sheet1", "rejects"); err != nil {
		return err
	}
	sheet, err := book.NewStreamWriter("rejects")
	if err != nil {
		return err
	}
	header := slices.Clone(im.header)
	head := []any{"退回文件", "退回行号", "退回原因", "reason"}
	for _, h := range header {
		head = append(head, h)
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	rows, err := im.conn.Query(ctx, im.fill(`SELECT file, number, zh, en, raw FROM {rejects} ORDER BY seq LIMIT 1000000`))
	if err != nil {
		return err
	}
	var file, zh, en string
	var number int64
	var raw map[string]string
	line := 1
	if _, err := pgx.ForEachRow(rows, []any{&file, &number, &zh, &en, &raw}, func() error {
		line++
		cells := []any{file, number, zh, en}
		for _, h := range header {
			cells = append(cells, raw[h])
		}
		raw = nil
		return sheet.SetRow(fmt.Sprintf("A%d", line), cells)
	}); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.SaveAs(path)
}
