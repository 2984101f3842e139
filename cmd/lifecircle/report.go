package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/planner"
	planrun "github.com/lifecircle/lifecircle/planner/run"
)

// reported is one figure of a report that the run it was made of has otherwise.
type reported struct {
	Line     int     `json:"line"`
	Standard string  `json:"standard"`
	Unit     string  `json:"unit"`
	Figure   string  `json:"figure"`
	Report   float64 `json:"report"`
	Run      float64 `json:"run"`
}

// report holds an earlier workbook of ours against the run that it names, and that
// run against the latest one, cause by cause. ok is false for a file that is no report.
func (c *reconcileCommand) report(s *session, st *store.Store) (ok bool, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return false, err
	}
	defer f.Close()
	r, ok, err := workbook.ReadReport(f)
	if !ok || err != nil {
		return ok, err
	}
	if r.Run == 0 {
		return true, planner.Errorf(planner.Invalid, "报表没有写明测算编号,无从对账", "the report does not name the run that it was made of")
	}
	then, err := st.Stored(s.ctx, r.Run)
	if err != nil {
		return true, err
	}
	snap, err := st.Latest(s.ctx)
	if err != nil {
		return true, err
	}
	in, err := st.Inputs(s.ctx, then.Spec)
	if err != nil {
		return true, err
	}
	differs := against(r, then, in.Units)
	if !s.json {
		for _, d := range differs {
			fmt.Fprintf(s.out, "报表第%d行 %s %s %s:报表%.6g,测算%d为%.6g\n", d.Line, d.Standard, d.Unit, workbook.FigureName(d.Figure), d.Report, r.Run, d.Run)
		}
		fmt.Fprintf(s.out, "%d rows of the report, %d figures differ from run %d\n", len(r.Rows), len(differs), r.Run)
		if snap.Run == r.Run {
			return true, nil
		}
		return true, (&compareCommand{From: r.Run, To: snap.Run, Out: c.Out}).with(s, st)
	}
	return true, json.NewEncoder(s.out).Encode(map[string]any{"run": r.Run, "latest": snap.Run, "rows": len(r.Rows), "differences": differs})
}

// against names the figures of a report that are not those of its run.
func against(r workbook.Report, then planrun.Stored, units []planrun.Unit) []reported {
	byName := map[string]planner.Code{}
	names := map[planner.Code]string{}
	for _, u := range units {
		names[u.Code] = u.Name
	}
	for _, u := range units {
		switch u.Level {
		case planner.County:
			byName[names[u.Code.Ancestor(planner.Prefecture)]+" "+u.Name] = u.Code
		case planner.Province, planner.Prefecture:
			byName[u.Name+" 小计"], byName[u.Name+" 合计"] = u.Code, u.Code
		}
	}
	differs := []reported{}
	for _, row := range r.Rows {
		code, known := byName[row.City+" "+row.County]
		if !known {
			differs = append(differs, reported{row.Line, row.Standard, row.City + row.County, "区划不存在", row.Numerator, 0})
			continue
		}
		for what, v := range map[string]float64{"numerator": row.Numerator, "denominator": row.Denominator} {
			if is := then.Figures.Numbers[planrun.Figure{Standard: row.Standard, Unit: code, What: what}]; is != v {
				differs = append(differs, reported{row.Line, row.Standard, row.City + row.County, what, v, is})
			}
		}
	}
	return differs
}
