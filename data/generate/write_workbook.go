package generate

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"sort"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeWorkbook writes the facility ledger as XLSX. The library stamps the time
// into the archive, so the archive is written anew with fixed stamps and order.
func writeWorkbook(w io.Writer, rows []facility) error {
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "设施台账"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "lifecircle", LastModifiedBy: "lifecircle", Created: dataDate + "T00:00:00Z", Modified: dataDate + "T00:00:00Z"}); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	head := []any{"设施编号", "设施名称", "场所编号", "服务类型", "所在行政区代码", "详细地址", "运营状态", "每周开放天数", "启用日期", "停用日期", "床位数(张)", "护理型床位数(张)", "剩余容量", "经度", "纬度"}
	if err := sw.SetRow("A1", head); err != nil {
		return err
	}
	number := func(n int) any {
		if n < 0 {
			return nil
		}
		return n
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		row := []any{r.code, r.name, r.site, r.services, r.unit, r.address, r.status, number(r.days), r.opened, r.closed,
			number(r.beds), number(r.nursing), number(r.left), r.lonlat[0], r.lonlat[1]}
		for k, v := range row {
			if v == "" {
				row[k] = nil
			}
		}
		if err := sw.SetRow(cell, row); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		return err
	}
	return restamp(w, buf.Bytes())
}

// restamp copies a zip archive with sorted entries and one fixed time.
func restamp(w io.Writer, archive []byte) error {
	zr, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	files := append([]*zip.File(nil), zr.File...)
	// [Content_Types].xml comes first by custom, and does so in this order.
	sort.Slice(files, func(a, b int) bool { return files[a].Name < files[b].Name })
	zw := zip.NewWriter(w)
	zw.RegisterCompressor(zip.Deflate, func(o io.Writer) (io.WriteCloser, error) { return flate.NewWriter(o, flate.DefaultCompression) })
	stamp := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			return err
		}
		out, err := zw.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: stamp})
		if err != nil {
			return err
		}
		if _, err := io.Copy(out, r); err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return zw.Close()
}
