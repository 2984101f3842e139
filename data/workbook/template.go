package workbook

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/ledger"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// largest is how big the sheets of a template may be, unpacked.
const largest = 200 << 20

// oneCell is how a name refers to a cell; of an area the first cell is filled.
var oneCell = regexp.MustCompile(`^'?((?:[^']|'')+?)'?!\$([A-Z]{1,3})\$(\d+)`)

// fill writes figures into the named cells of a user's own workbook and leaves all
// else as it is. A name that means nothing to us stays empty-handed. Names:
//
//	place as_of headline band plan document run digest
//	value_EL_07 verdict_EL_07 reason_EL_07, each also with a unit's digits: value_EL_07_330102
//	people_walk people_ride people_home_service people_uncovered people_unverified people_total, with digits too
//	table_gaps table_counties table_townships: the first cell of rows that go downward
func (f *figures) fill(ctx context.Context, tx pgx.Tx, template io.Reader, w io.Writer) error {
	file, err := excelize.OpenReader(template, excelize.Options{UnzipSizeLimit: largest, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return planner.Wrap(err, planner.Invalid, "模板不是有效的Excel文件(.xlsx)", "the template is no Excel workbook (.xlsx)")
	}
	defer file.Close()
	filled := 0
	for _, name := range file.GetDefinedName() {
		at := oneCell.FindStringSubmatch(name.RefersTo)
		if at == nil || strings.HasPrefix(name.Name, "_xlnm") {
			continue
		}
		sheet, col, row := strings.ReplaceAll(at[1], "''", "'"), at[2], at[3]
		ok, err := f.fillName(ctx, tx, file, name.Name, sheet, col+row)
		if err != nil {
			return err
		}
		if ok {
			filled++
		}
	}
	if filled == 0 {
		return planner.Errorf(planner.Invalid, "模板中没有可填的名称(如 headline、value_EL_07、table_gaps),请用“定义名称”为单元格命名", "the template has no named cell that can be filled (such as headline, value_EL_07, table_gaps): name its cells")
	}
	return file.Write(w)
}

func (f *figures) fillName(ctx context.Context, tx pgx.Tx, file *excelize.File, name, sheet, cell string) (bool, error) {
	col, row, err := excelize.CellNameToCoordinates(cell)
	if err != nil {
		return false, nil
	}
	down := func(values ...any) error {
		for i, v := range values {
			if v = bare(v); v == nil {
				continue
			}
			if err := file.SetCellValue(sheet, cellName(col+i, row), v); err != nil {
				return err
			}
		}
		row++
		return nil
	}
	switch name {
	case "table_gaps":
		n := 0
		return true, f.eachGap(ctx, tx, pgx.StrictNamedArgs{"run": f.record.ID, "version": f.record.DataVersion}, func(r ledger.Row) error {
			n++
			return down(gapCells(n, r)...)
		})
	case "table_counties", "table_townships":
		level := planner.County
		if name == "table_townships" {
			level = planner.Township
		}
		if f.access == nil {
			return false, nil
		}
		for _, u := range f.below(f.top.code, level) {
			if err := down(append([]any{f.names[u.code.Ancestor(planner.Prefecture)], f.names[u.code.Ancestor(planner.County)], u.name}, f.covered(u.code)...)...); err != nil {
				return true, err
			}
		}
		return true, nil
	}
	v, ok := f.named(name)
	if !ok {
		return false, nil
	}
	return true, down(v)
}

// named is the figure of one name.
func (f *figures) named(name string) (any, bool) {
	headline, band := f.headline()
	if v, ok := map[string]any{"place": f.place, "as_of": f.day(), "headline": headline, "band": band, "plan": f.plan.Title.ZH, "document": f.plan.Document, "run": f.record.ID, "digest": f.record.Digest}[name]; ok {
		return v, true
	}
	what, rest, _ := strings.Cut(name, "_")
	unit := f.top.code
	if i := strings.LastIndex(rest, "_"); i > 0 && len(rest)-i > 2 && strings.Trim(rest[i+1:], "0123456789") == "" && len(rest)-i-1 != 2 {
		if code, err := planner.ParseCode(rest[i+1:]); err == nil {
			unit, rest = code, rest[:i]
		}
	}
	if what == "people" && f.access != nil {
		c, ok := f.coverage[unit][f.main()]
		if n := c.people[rest]; ok && rest != "total" && n >= 0 {
			return n, true
		}
		return counted(c.total), rest == "total" && ok
	}
	for _, s := range f.plan.Standards {
		if nameable(s) != rest {
			continue
		}
		x, ok := f.verdicts[s.ID][unit]
		switch what {
		case "value":
			return value(s, x), ok
		case "verdict":
			return x.text, ok
		case "reason":
			return x.reason, ok
		}
	}
	return nil, false
}

// nameable is a standard's id as names of cells may have it.
func nameable(s standard.Standard) string {
	return strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(s.ID)
}

// bare is a value without the way it is written: the template's own format holds.
func bare(v any) any {
	switch x := v.(type) {
	case share:
		return float64(x)
	case tenth:
		return float64(x)
	case *float64:
		if x == nil {
			return nil
		}
		return *x
	case string:
		return plain(x)
	}
	return v
}
