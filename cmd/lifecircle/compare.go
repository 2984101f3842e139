package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/reconcile"
	planrun "github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/standard"
)

type compareCommand struct {
	From int64  `arg:"" help:"The earlier run."`
	To   int64  `arg:"" help:"The later run."`
	Out  string `short:"o" placeholder:"FILE.xlsx" help:"Write every changed figure with its causes."`
	All  bool   `help:"Print every unit, not only counties and above."`
}

func (c *compareCommand) Run(s *session) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	return c.with(s, store.New(db.Pool))
}

func (c *compareCommand) with(s *session, st *store.Store) error {
	a, err := st.Stored(s.ctx, c.From)
	if err != nil {
		return err
	}
	b, err := st.Stored(s.ctx, c.To)
	if err != nil {
		return err
	}
	var progress planrun.Progress
	if isTerminal(s.errs) {
		progress = func(stage string, done float64) { fmt.Fprintf(s.errs, "\r%3.0f%% %s\x1b[K", done*100, stage) }
		defer fmt.Fprint(s.errs, "\r\x1b[K")
	}
	diff, err := planrun.Compare(s.ctx, st, a, b, progress)
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := writeWhole(c.Out, func(w io.Writer) error { return workbook.Comparison(w, diff) }); err != nil {
			return err
		}
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(diff)
	}
	for _, d := range diff.Differences {
		if d.Unit.Level() > planner.County && !c.All {
			continue
		}
		fmt.Fprintf(s.out, "%-7s %s %s: %.6g → %.6g (%+.6g)", d.Standard, d.Name, workbook.FigureName(d.What), d.Was, d.Is, d.Is-d.Was)
		for _, cause := range planrun.Causes {
			if v := d.Cause[cause.ID]; v != 0 {
				fmt.Fprintf(s.out, " %s%+.6g", cause.Name.ZH, v)
			}
		}
		fmt.Fprintln(s.out)
	}
	_, err = fmt.Fprintf(s.out, "缺口 gaps: 新增 new %d, 持续 persisting %d, 消失 closed %d\n", len(diff.New), diff.Persisting, len(diff.Closed))
	return err
}

type reconcileCommand struct {
	File     string `arg:"" type:"existingfile" help:"Another system's or last quarter's list of facilities (CSV, XLSX, GeoJSON, Shapefile, GeoPackage), or an earlier workbook of a run."`
	AsOf     string `name:"as-of" default:"2025-12-31" help:"Day that statuses are compared on; current is today."`
	CRS      string `name:"crs" help:"As for import."`
	Encoding string `help:"utf-8 or gb18030; guessed without it."`
	Mapping  string `type:"existingfile" help:"File that maps headings to fields."`
	Out      string `short:"o" placeholder:"FILE.xlsx" help:"Write all findings."`
}

func (c *reconcileCommand) Run(s *session) error {
	if c.AsOf == "current" || c.AsOf == "当前" {
		c.AsOf = time.Now().Format(time.DateOnly)
	}
	day, err := time.Parse(time.DateOnly, c.AsOf)
	if err != nil {
		return usageError{planner.Errorf(planner.Invalid, "--as-of 应为 YYYY-MM-DD,收到「%s」", "--as-of must be YYYY-MM-DD, got %q", c.AsOf)}
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := store.New(db.Pool)
	if ok, err := c.report(s, st); ok || err != nil {
		return err
	}
	o := ingest.Options{Kind: "facilities", Files: []string{c.File}, CRS: c.CRS, Encoding: c.Encoding}
	if c.Mapping != "" {
		if o.Mapping, err = ingest.LoadMapping(c.Mapping); err != nil {
			return err
		}
	}
	theirs, refused, err := ingest.Facilities(s.ctx, o)
	if err != nil {
		return err
	}
	snap, err := st.Latest(s.ctx)
	if err != nil {
		return err
	}
	in, err := st.Inputs(s.ctx, planrun.Spec{DataVersion: snap.Version, AsOf: day})
	if err != nil {
		return err
	}
	report := reconcile.Compare(theirs, in.Facilities, day)
	if c.Out != "" {
		if err := writeWhole(c.Out, func(w io.Writer) error { return workbook.Reconciliation(w, filepath.Base(c.File), report) }); err != nil {
			return err
		}
	}
	if s.json {
		err = json.NewEncoder(s.out).Encode(map[string]any{"report": report, "refused": refused})
	} else {
		for _, f := range report.Findings {
			if f.Kind != "same" {
				fmt.Fprintf(s.out, "%s %s%s: %s\n", planner.NameOf(reconcile.Kinds, f.Kind).ZH, f.Name, at(f.Line), f.Text.ZH)
			}
		}
		for _, r := range refused {
			fmt.Fprintf(s.out, "无法读取 refused%s: %s / %s\n", at(r.Line), r.Reason.ZH, r.Reason.EN)
		}
		fmt.Fprintf(s.out, "%d theirs, %d ours, %d the same\n", report.Theirs, report.Ours, report.Counts["same"])
	}
	if err == nil && len(refused) > 0 {
		err = errRejected
	}
	return err
}

func at(line int) string {
	if line == 0 {
		return ""
	}
	return fmt.Sprintf("(第%d行)", line)
}

type standardsCommand struct {
	Check   standardsCheck   `cmd:"" help:"Read a standards file strictly and tell all its mistakes; needs no database."`
	Compare standardsCompare `cmd:"" help:"What one version of a plan says otherwise than another, field by field."`
	Show    standardsShow    `cmd:"" help:"Print a plan's standards; the built-in one without a file."`
}

func planFile(path string) (*standard.Plan, error) {
	if path == "" || path == "zhejiang-2021" {
		return standard.Parse(standard.Zhejiang2021)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, planner.Wrap(err, planner.Invalid, "打不开文件「%s」", "cannot open %s", path)
	}
	return standard.ParseFile(path, string(text))
}

type standardsCheck struct {
	File string `arg:"" help:"YAML of standards."`
}

func (c *standardsCheck) Run(s *session) error {
	p, err := planFile(c.File)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %d standards, digest %s\n", p.ID, len(p.Standards), p.Digest())
	return err
}

type standardsCompare struct {
	Old string `arg:"" help:"YAML of standards, or zhejiang-2021 for the built-in plan."`
	New string `arg:"" help:"YAML of standards, or zhejiang-2021."`
}

func (c *standardsCompare) Run(s *session) error {
	a, err := planFile(c.Old)
	if err != nil {
		return err
	}
	b, err := planFile(c.New)
	if err != nil {
		return err
	}
	changes := standard.Compare(a, b)
	if s.json {
		return json.NewEncoder(s.out).Encode(changes)
	}
	for _, x := range changes {
		fmt.Fprintf(s.out, "%s / %s\n", x.Text.ZH, x.Text.EN)
	}
	_, err = fmt.Fprintf(s.out, "%d differences\n", len(changes))
	return err
}

type standardsShow struct {
	File string `arg:"" optional:"" help:"YAML of standards."`
}

func (c *standardsShow) Run(s *session) error {
	p, err := planFile(c.File)
	if err != nil {
		return err
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(p)
	}
	for _, st := range p.Standards {
		hard := "硬性 hard"
		if !st.Hard {
			hard = "仅跟踪 tracked"
		}
		fmt.Fprintf(s.out, "%-11s %s (%s, %s): %s\n", st.ID, st.Title.ZH, st.Kind, hard, st.Quote)
		for _, a := range st.Assumption {
			fmt.Fprintf(s.out, "            %s = %q: %s (%s)\n", a.Name, a.Default, a.Text.ZH, a.Source)
		}
	}
	return nil
}
