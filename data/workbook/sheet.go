// Package workbook writes Excel files as officials expect them: merged headings
// with the units in them, numbers as numbers, totals by city, print areas for A3
// and A4, and a foot with 口径, source, signatures and seal. Rows stream.
package workbook

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
)

// The styles of cells.
const (
	titleStyle = iota
	noteStyle
	headStyle
	textStyle
	wholeStyle // 86,240
	tenthStyle // 27.4
	shareStyle // 82.9%
	boldStyle  // text of a total
	boldWhole
	boldTenth
	boldShare
	footStyle
	fineStyle // 0.8021
	numStyles
)

// book is a workbook under way.
type book struct {
	file   *excelize.File
	styles [numStyles]int
	sheets int
}

func newBook() (*book, error) {
	b := &book{file: excelize.NewFile()}
	line := []excelize.Border{{Type: "left", Color: "808080", Style: 1}, {Type: "right", Color: "808080", Style: 1}, {Type: "top", Color: "808080", Style: 1}, {Type: "bottom", Color: "808080", Style: 1}}
	body, bold := &excelize.Font{Family: "仿宋", Size: 11}, &excelize.Font{Family: "仿宋", Size: 11, Bold: true}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	left, right := &excelize.Alignment{Vertical: "center", WrapText: true}, &excelize.Alignment{Horizontal: "right", Vertical: "center"}
	whole, tenth, share, fine := "#,##0", "#,##0.0", "0.0%", "#,##0.0000"
	for i, s := range [numStyles]*excelize.Style{
		titleStyle: {Font: &excelize.Font{Family: "黑体", Size: 18, Bold: true}, Alignment: middle},
		noteStyle:  {Font: body, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}},
		headStyle:  {Font: &excelize.Font{Family: "黑体", Size: 11}, Alignment: middle, Border: line, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}},
		textStyle:  {Font: body, Alignment: left, Border: line},
		wholeStyle: {Font: body, Alignment: right, Border: line, CustomNumFmt: &whole},
		tenthStyle: {Font: body, Alignment: right, Border: line, CustomNumFmt: &tenth},
		shareStyle: {Font: body, Alignment: right, Border: line, CustomNumFmt: &share},
		boldStyle:  {Font: bold, Alignment: left, Border: line},
		boldWhole:  {Font: bold, Alignment: right, Border: line, CustomNumFmt: &whole},
		boldTenth:  {Font: bold, Alignment: right, Border: line, CustomNumFmt: &tenth},
		boldShare:  {Font: bold, Alignment: right, Border: line, CustomNumFmt: &share},
		footStyle:  {Font: body, Alignment: left},
		fineStyle:  {Font: body, Alignment: right, Border: line, CustomNumFmt: &fine},
	} {
		id, err := b.file.NewStyle(s)
		if err != nil {
			return nil, err
		}
		b.styles[i] = id
	}
	return b, nil
}

// paper is how a sheet is printed: as wide as the page, as many pages long as it takes.
type paper struct {
	a3, landscape bool
}

// sheet is one sheet under way. The first error ends all that follows.
type sheet struct {
	*book
	name  string
	w     *excelize.StreamWriter
	wide  int // columns
	width []float64
	row   int
	heads int // last row of the headings: repeated on every page
	err   error
}

// share and tenth mark numbers that are written as percents and with one decimal.
type (
	share float64
	tenth float64
)

func (b *book) sheet(name string, p paper, widths ...float64) *sheet {
	s := &sheet{book: b, name: name, wide: len(widths), width: widths}
	if b.sheets++; b.sheets == 1 {
		s.err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, s.err = b.file.NewSheet(name)
	}
	fit, wide, long, size, way := true, 1, 0, 9, "portrait"
	if p.a3 {
		size = 8
	}
	if p.landscape {
		way = "landscape"
	}
	footer := "&C第 &P 页,共 &N 页"
	s.try(func() error { return b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}) })
	s.try(func() error {
		return b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &way, FitToWidth: &wide, FitToHeight: &long})
	})
	margin, edge := 0.5, 0.3
	s.try(func() error {
		return b.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Header: &edge, Footer: &edge})
	})
	s.try(func() error { return b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: footer}) })
	s.try(func() (err error) { s.w, err = b.file.NewStreamWriter(name); return err })
	for i, w := range widths {
		s.try(func() error { return s.w.SetColWidth(i+1, i+1, w) })
	}
	return s
}

func (s *sheet) try(do func() error) {
	if s.err == nil {
		s.err = do()
	}
}

// across writes one text over the whole width.
func (s *sheet) across(style int, height float64, text string) {
	s.row++
	s.try(func() error {
		cells := make([]any, s.wide)
		for i := range cells {
			cells[i] = excelize.Cell{StyleID: s.styles[style]}
		}
		cells[0] = excelize.Cell{StyleID: s.styles[style], Value: text}
		return s.w.SetRow(cellName(1, s.row), cells, excelize.RowOpts{Height: height})
	})
	if s.wide > 1 {
		s.try(func() error { return s.w.MergeCell(cellName(1, s.row), cellName(s.wide, s.row)) })
	}
}

// title is the title, and under it what all numbers are of; both may be the only lines above the headings.
func (s *sheet) title(text, note string, freeze int) {
	rows := 1
	if note != "" {
		rows = 2
	}
	if freeze > 0 { // panes come before the first row
		top := rows + freeze
		s.try(func() error {
			return s.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: top, TopLeftCell: cellName(1, top+1), ActivePane: "bottomLeft"})
		})
	}
	s.across(titleStyle, 34, text)
	if note != "" {
		s.across(noteStyle, 20, note)
	}
}

// head writes headings of one or more rows. The same text side by side is one
// cell, and so is "" with what stands above it.
func (s *sheet) head(rows ...[]string) {
	first := s.row + 1
	for _, row := range rows {
		s.row++
		s.try(func() error {
			cells := make([]any, len(row))
			for i, text := range row {
				cells[i] = excelize.Cell{StyleID: s.styles[headStyle], Value: text}
			}
			lines := 1
			for i, text := range row {
				lines = max(lines, linesOf(text, s.width[i]))
			}
			return s.w.SetRow(cellName(1, s.row), cells, excelize.RowOpts{Height: float64(lines)*15 + 8})
		})
	}
	for i, row := range rows {
		for c := 0; c < len(row); c++ {
			last := c
			for last+1 < len(row) && row[c] != "" && row[last+1] == row[c] {
				last++
			}
			down := i
			for last == c && down+1 < len(rows) && rows[down+1][c] == "" {
				down++
			}
			if row[c] != "" && (last > c || down > i) {
				s.try(func() error { return s.w.MergeCell(cellName(c+1, first+i), cellName(last+1, first+down)) })
			}
			c = last
		}
	}
	s.heads = s.row
}

// line writes a row of values, numbers as numbers; bold is a total.
func (s *sheet) line(bold bool, values ...any) {
	s.row++
	s.try(func() error {
		cells, lines := make([]any, len(values)), 1
		for i, v := range values {
			c := s.cell(v, bold)
			if text, ok := c.Value.(string); ok {
				lines = max(lines, linesOf(text, s.width[i]))
			}
			cells[i] = c
		}
		return s.w.SetRow(cellName(1, s.row), cells, excelize.RowOpts{Height: min(400, float64(lines)*15+4)})
	})
}

func (s *sheet) cell(v any, bold bool) excelize.Cell {
	style, total := textStyle, boldStyle
	switch x := v.(type) {
	case int, int64:
		style, total = wholeStyle, boldWhole
	case *int:
		style, total, v = wholeStyle, boldWhole, nil
		if x != nil {
			v = *x
		}
	case tenth:
		style, total, v = tenthStyle, boldTenth, float64(x)
	case *float64:
		style, total, v = tenthStyle, boldTenth, nil
		if x != nil {
			v = *x
		}
	case float64:
		style, total = fineStyle, fineStyle
	case share:
		style, total, v = shareStyle, boldShare, float64(x)
	case string:
		v = plain(x)
	}
	if bold {
		style = total
	}
	return excelize.Cell{StyleID: s.styles[style], Value: v}
}

// plain keeps a spreadsheet from running a text as a formula. Streamed strings are
// never formulas in the file itself; the quote is for what is copied out of it.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// Foot is what stands under every table.
type Foot struct {
	Method string // 口径
	Source string // 数据来源
}

// close writes the foot, sets what is printed and ends the sheet.
func (s *sheet) close(f Foot) error {
	if f.Method != "" {
		s.across(footStyle, s.height("口径说明:"+f.Method), "口径说明:"+f.Method)
	}
	if f.Source != "" {
		s.across(footStyle, s.height("数据来源:"+f.Source), "数据来源:"+f.Source)
	}
	s.across(footStyle, 24, "填表人:              审核人:              填报日期:    年   月   日              单位(盖章):")
	area := fmt.Sprintf("'%s'!$A$1:%s", s.name, absolute(s.wide, s.row))
	s.try(func() error {
		return s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: area, Scope: s.name})
	})
	if s.heads > 0 {
		s.try(func() error {
			return s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", s.name, s.heads), Scope: s.name})
		})
	}
	s.try(func() error { return s.w.Flush() })
	return s.err
}

// height of a merged line: spreadsheets fit neither these nor streamed rows by themselves.
func (s *sheet) height(text string) float64 {
	all := 0.0
	for _, w := range s.width {
		all += w
	}
	return min(400, float64(linesOf(text, all))*16+4)
}

// linesOf is on how many lines a text stands in a column so many digits wide; an ideograph is two digits.
func linesOf(text string, width float64) int {
	length := 0.0
	for _, r := range text {
		if r < 0x2e80 {
			length += 1.1
		} else {
			length += 2.1
		}
	}
	return max(1, int(math.Ceil(length/max(1, width-1))))
}

func cellName(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return "A1" // the columns are ours and the rows are counted: cannot be
	}
	return name
}

func absolute(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row, true)
	if err != nil {
		return "$A$1"
	}
	return name
}

// nameOf is the Chinese name of a word; "" of none.
func nameOf(words []planner.Word, id string) string {
	if id == "" {
		return ""
	}
	return planner.NameOf(words, id).ZH
}
