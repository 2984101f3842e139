package workbook

import (
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
)

// Report is an earlier workbook of ours, read back.
type Report struct {
	Run  int64 // that it says it was made of; 0 when it does not
	Rows []ReportRow
}

// ReportRow is one standard in one unit, as the report has it.
type ReportRow struct {
	Line                   int
	Standard, City, County string
	Numerator, Denominator float64
}

// madeOf finds the run in a report's foot.
var madeOf = regexp.MustCompile(`测算编号(\d+)`)

// ReadReport reads the sheet 分县指标 of a workbook; ok is false for any other file.
func ReadReport(file io.Reader) (r Report, ok bool, err error) {
	book, err := excelize.OpenReader(file, excelize.Options{UnzipSizeLimit: largest, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true})
	if err != nil {
		return r, false, nil // no workbook: a list of another format
	}
	defer book.Close()
	if !slices.Contains(book.GetSheetList(), "分县指标") {
		return r, false, nil
	}
	rows, err := book.GetRows("分县指标")
	if err != nil {
		return r, true, planner.Wrap(err, planner.Invalid, "工作表「分县指标」无法读取", "the sheet 分县指标 cannot be read")
	}
	for i, cells := range rows {
		if found := madeOf.FindStringSubmatch(strings.Join(cells, " ")); found != nil {
			r.Run, _ = strconv.ParseInt(found[1], 10, 64) // digits; one that is too long is no run of ours
		}
		if i < 3 || len(cells) < 6 || cells[0] == "" || cells[2] == "" {
			continue // title, headings, foot
		}
		row := ReportRow{Line: i + 1, Standard: cells[0], City: cells[2], County: strings.TrimPrefix(cells[3], "其中:")}
		var wrong bool
		for _, n := range []struct {
			text string
			to   *float64
		}{{cells[4], &row.Numerator}, {cells[5], &row.Denominator}} {
			if n.text == "" {
				continue
			}
			if *n.to, err = strconv.ParseFloat(strings.ReplaceAll(n.text, ",", ""), 64); err != nil {
				wrong = true
			}
		}
		if wrong {
			return r, true, planner.Errorf(planner.Invalid, "「分县指标」第%d行的分子、分母不是数字", "分县指标, row %d: numerator and denominator must be numbers", i+1)
		}
		r.Rows = append(r.Rows, row)
	}
	return r, true, nil
}
