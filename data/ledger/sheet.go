package ledger

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

// largest is how big the sheets of a returned list may be, unpacked.
const largest = 200 << 20

// Write writes the rows that a filter chooses and the viewer sees as a workbook that comes back.
func (b *Book) Write(ctx context.Context, v planner.Viewer, f ledger.Filter, w io.Writer) error {
	snap, err := b.Store.Latest(ctx)
	if err != nil {
		return err
	}
	day, foot := b.Log.Now(), workbook.Foot{Source: workbook.Source}
	if snap.Run != 0 {
		record, err := b.Store.Record(ctx, snap.Run)
		if err != nil {
			return err
		}
		day, foot.Method = record.AsOf, workbook.Method(record.Summary)
	}
	var place string
	err = b.Store.As(ctx, planner.DemoViewer, func(tx pgx.Tx) error { // the name of a unit is nobody's secret
		return tx.QueryRow(ctx, data.SQL("ledger_place"), pgx.StrictNamedArgs{"prefix": cmp.Or(f.Unit, v.Prefix)}).Scan(&place)
	})
	if err != nil {
		return err
	}
	return workbook.GapList(w, place, day, foot, func(each func(ledger.Row) error) error {
		_, err := b.Rows(ctx, v, f, each)
		return err
	})
}

// line is one row of a returned list.
type line struct {
	id       string
	number   int
	revision int64 // 0: the list does not say
	ledger.Said
}

// Take takes a list back that went out as XLSX: rows are found by their number
// (缺口编号), what is filled in is written with the user's rights. Rows that were
// changed here since the list went out, and say something else, are conflicts and
// stay as they are.
func (b *Book) Take(ctx context.Context, u rights.User, v planner.Viewer, file io.Reader, e rights.Entry) (ledger.Receipt, error) {
	receipt := ledger.Receipt{Conflicts: []ledger.Conflict{}, Refused: []ledger.Refusal{}}
	lines, wrong, err := readList(file)
	if err != nil {
		return receipt, err
	}
	receipt.Read, receipt.Refused = len(lines)+len(wrong), append(receipt.Refused, wrong...)
	now := map[string]ledger.Row{}
	if _, err := b.Rows(ctx, v, ledger.Filter{}, func(r ledger.Row) error { now[r.ID] = r; return nil }); err != nil {
		return receipt, err
	}
	var orders []ledger.Order
	for _, l := range lines {
		row, known := now[l.id]
		switch {
		case !known:
			reason := (*planner.Error)(nil)
			errors.As(missing(l.id), &reason)
			receipt.Refused = append(receipt.Refused, ledger.Refusal{ID: l.id, Reason: reason.Text})
		case l.Same(row.Said):
			receipt.Same++
		case l.revision != 0 && l.revision != row.Revision:
			receipt.Conflicts = append(receipt.Conflicts, ledger.Conflict{ID: l.id, Line: l.number, Theirs: l.String(), Ours: row.Said.String(), By: row.UpdatedBy, At: row.UpdatedAt})
		default:
			said := l.Said
			year := 0
			if said.Year != nil {
				year = *said.Year
			}
			orders = append(orders, ledger.Order{ID: l.id, Revision: row.Revision, Change: ledger.Change{Step: ledger.Fill, State: &said.State, Year: &year, Body: &said.Body, Note: &said.Note}})
		}
	}
	for batch := range slices.Chunk(orders, most) {
		n, refused, err := b.Change(ctx, u, batch, e)
		if err != nil {
			return receipt, err
		}
		receipt.Changed += n
		receipt.Refused = append(receipt.Refused, refused...)
	}
	return receipt, nil
}

// readList reads the sheet that has a heading 缺口编号. Rows that cannot be read are told one by one.
func readList(file io.Reader) (lines []line, wrong []ledger.Refusal, err error) {
	book, err := excelize.OpenReader(file, excelize.Options{UnzipSizeLimit: largest, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, nil, planner.Wrap(err, planner.Invalid, "不是有效的Excel文件(.xlsx)", "this is no Excel workbook (.xlsx)")
	}
	defer book.Close()
	revisions := map[string]int64{}
	if rows, err := book.GetRows("修订"); err == nil {
		for _, r := range rows {
			if len(r) == 2 {
				revisions[r[0]], _ = strconv.ParseInt(r[1], 10, 64) // 0 where somebody has played with it: not known
			}
		}
	}
	for _, name := range book.GetSheetList() {
		found, lines, wrong, err := readSheet(book, name, revisions)
		if found || err != nil {
			return lines, wrong, err
		}
	}
	return nil, nil, planner.Errorf(planner.Invalid, "文件中没有「缺口编号」一栏", "no sheet of the workbook has the heading 缺口编号")
}

func readSheet(book *excelize.File, name string, revisions map[string]int64) (found bool, lines []line, wrong []ledger.Refusal, err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return false, nil, nil, err
	}
	defer rows.Close()
	at := map[string]int{}
	cell := func(cells []string, heading string) string {
		if i, ok := at[heading]; ok && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	seen := map[string]int{}
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return found, nil, nil, planner.Wrap(err, planner.Invalid, "工作表「%s」无法读取", "sheet %q cannot be read", name)
		}
		if !found {
			if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) == "缺口编号" }) {
				found = true
				for i, c := range cells {
					at[strings.TrimSpace(c)] = i
				}
				for _, need := range []string{"核实结果", "责任单位", "计划年度", "备注"} {
					if _, ok := at[need]; !ok {
						return true, nil, nil, planner.Errorf(planner.Invalid, "工作表「%s」缺少「%s」一栏", "sheet %q lacks the heading %s", name, need)
					}
				}
			}
			continue
		}
		id := strings.TrimPrefix(cell(cells, "缺口编号"), "'")
		if id == "" {
			continue // the foot
		}
		l := line{id: id, number: number, revision: revisions[id], Said: ledger.Said{Body: cell(cells, "责任单位"), Note: cell(cells, "备注"), State: "to_verify"}}
		refuse := func(zh, en string, args ...any) {
			e := planner.Errorf(planner.Invalid, zh, en, args...)
			wrong = append(wrong, ledger.Refusal{ID: id, Reason: e.Text})
		}
		if first := seen[id]; first != 0 {
			refuse("第%d行与第%d行编号重复", "rows %d and %d have the same number", number, first)
			continue
		}
		seen[id] = number
		if text := cell(cells, "核实结果"); text != "" {
			i := slices.IndexFunc(ledger.States, func(w planner.Word) bool { return w.Name.ZH == text || w.ID == text })
			if i < 0 {
				refuse("第%d行核实结果「%s」无法识别", "row %d: state %q is unknown", number, text)
				continue
			}
			l.State = ledger.States[i].ID
		}
		if text := strings.TrimSuffix(cell(cells, "计划年度"), "年"); text != "" {
			y, err := strconv.ParseFloat(text, 64)
			if err != nil || y != float64(int(y)) || y < 2000 || y > 2100 {
				refuse("第%d行计划年度「%s」有误", "row %d: year %q cannot be meant", number, text)
				continue
			}
			year := int(y)
			l.Year = &year
		}
		lines = append(lines, l)
	}
	return found, lines, wrong, rows.Error()
}
