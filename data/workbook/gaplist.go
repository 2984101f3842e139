package workbook

import (
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

// GapHeadings are the headings of the list of gaps, in officials' words.
var GapHeadings = []string{"序号", "乡镇(街道)", "村(社区)", "自然村", "缺口类型", "60岁以上常住老人(人)", "其中80岁以上(人)", "最近设施", "设施状态", "步行时间(分钟)", "乘车时间(分钟)",
	"判定依据", "建议措施", "责任单位", "计划年度", "核实结果", "备注", "缺口编号"}

// Where 核实结果 stands, from 0.
const stateColumn = 15

// revisionSheet is a hidden sheet with the revision of each row that went out.
const revisionSheet = "修订"

var gapWidths = []float64{6, 13, 13, 12, 10, 12, 11, 22, 8, 9, 9, 40, 12, 16, 9, 10, 18, 26}

// GapList writes the list of gaps as a workbook of its own that comes back: its
// rows have a list of states to choose from, and a hidden sheet keeps their revisions.
func GapList(w io.Writer, place string, day time.Time, foot Foot, rows func(each func(ledger.Row) error) error) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.file.Close()
	s := b.gapSheet("缺口清单", gapTitle(place, "", day))
	type sent struct {
		id       string
		revision int64
	}
	var out []sent
	err = rows(func(r ledger.Row) error {
		s.gap(len(out)+1, r)
		out = append(out, sent{r.ID, r.Revision})
		return s.err
	})
	if err != nil {
		return err
	}
	choice := excelize.NewDataValidation(true)
	choice.Sqref = cellName(stateColumn+1, s.heads+1) + ":" + cellName(stateColumn+1, max(s.row, s.heads+1))
	var names []string
	for _, word := range ledger.States {
		names = append(names, word.Name.ZH)
	}
	s.try(func() error { return choice.SetDropList(names) })
	s.try(func() error { return b.file.AddDataValidation(s.name, choice) })
	if err := s.close(foot); err != nil {
		return err
	}
	if _, err := b.file.NewSheet(revisionSheet); err != nil {
		return err
	}
	hidden, err := b.file.NewStreamWriter(revisionSheet)
	if err != nil {
		return err
	}
	for i, o := range out {
		if err := hidden.SetRow(cellName(1, i+1), []any{o.id, o.revision}); err != nil {
			return err
		}
	}
	if err := hidden.Flush(); err != nil {
		return err
	}
	if err := b.file.SetSheetVisible(revisionSheet, false); err != nil {
		return err
	}
	return b.file.Write(w)
}

// gapTitle is 「××县养老服务设施缺口清单(截至××××年×月×日)」.
func gapTitle(place, what string, day time.Time) string {
	if what == "" {
		what = "民政服务设施"
	}
	return place + what + "缺口清单(截至" + day.Format("2006年1月2日") + ")"
}

func (b *book) gapSheet(name, title string) *sheet {
	s := b.sheet(name, paper{a3: true, landscape: true}, gapWidths...)
	s.title(title, "", 1)
	s.head(GapHeadings)
	return s
}

func (s *sheet) gap(n int, r ledger.Row) { s.line(false, gapCells(n, r)...) }

// gapCells are the cells of one gap, in the order of the headings.
func gapCells(n int, r ledger.Row) []any {
	var year any
	if r.Year != nil {
		year = strconv.Itoa(*r.Year)
	}
	return []any{n, r.Town, r.Village, r.Hamlet, nameOf(planner.GapKinds, r.Kind), counted(r.People), counted(r.People80), r.NearestName, nameOf(planner.Statuses, r.NearestStatus), r.Minutes, r.RideMinutes,
		r.Reason.ZH, r.Measure, r.Body, year, nameOf(ledger.States, r.State), r.Note, r.ID}
}

// counted leaves a count empty that the viewer is not shown.
func counted(n int) any {
	if n < 0 {
		return nil
	}
	return n
}
