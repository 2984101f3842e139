package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/workbook"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	planrun "github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// deadline is the end of the built-in plan.
var deadline = time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)

type planCommand struct {
	Standards string            `type:"existingfile" help:"YAML of standards; the built-in plan without it."`
	Units     []string          `help:"Division codes to evaluate; all without it."`
	Set       map[string]string `help:"Assumptions (口径) that differ from the defaults: key=value."`
	Name      string            `help:"Name of the run."`
	AsOf      string            `name:"as-of" default:"2025-12-31" help:"Day that is judged, YYYY-MM-DD; current (当前) is today."`
	Workbook  string            `placeholder:"FILE.xlsx" help:"Write the run's workbook, too."`
	Verify    int64             `placeholder:"RUN" help:"Recompute a published run and compare digests."`
}

func (p *planCommand) Run(s *session) error {
	spec := planrun.Spec{Name: p.Name, Set: p.Set}
	var err error
	if p.AsOf == "current" || p.AsOf == "当前" {
		p.AsOf = time.Now().Format(time.DateOnly)
		spec.Name = cmp.Or(spec.Name, "当前("+p.AsOf+")")
	}
	if spec.AsOf, err = time.Parse(time.DateOnly, p.AsOf); err != nil {
		return usageError{planner.Errorf(planner.Invalid, "--as-of 应为 YYYY-MM-DD,收到「%s」", "--as-of must be YYYY-MM-DD, got %q", p.AsOf)}
	}
	if spec.Name == "" && spec.AsOf.Equal(deadline) {
		spec.Name = "截至2025年底(终期)"
	} else if spec.Name == "" {
		spec.Name = "截至" + p.AsOf
	}
	for _, u := range p.Units {
		code, err := planner.ParseCode(u)
		if err != nil {
			return usageError{err}
		}
		spec.Units = append(spec.Units, code)
	}
	if p.Standards != "" {
		text, err := os.ReadFile(p.Standards)
		if err != nil {
			return err
		}
		if _, err := standard.ParseFile(p.Standards, string(text)); err != nil {
			return err // names the file as it was given
		}
		spec.Standards = string(text)
	}
	if err := spec.Check(); err != nil {
		return usageError{err}
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := db.store()
	if p.Verify != 0 {
		return verify(s, st, p.Verify)
	}
	demo, err := st.Demo(s.ctx)
	if err != nil {
		return err
	}
	var id int64
	var res *planrun.Result
	err = s.recorded(db, rights.StartRun, "run", spec, func() (err error) { id, res, err = makeRun(s, st, spec, demo); return err })
	if err != nil {
		return err
	}
	if p.Workbook != "" {
		err := writeWhole(p.Workbook, func(w io.Writer) error {
			return workbook.Writer{Store: st}.Workbook(s.ctx, planner.DemoViewer, id, nil, w)
		})
		if err != nil {
			return err
		}
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(map[string]any{"run": id, "digest": res.Digest, "summary": res.Summary})
	}
	fmt.Fprintln(s.out, res.Summary.Headline.ZH)
	for _, f := range res.Summary.Standards {
		if f.BandText.ZH != "" {
			fmt.Fprintln(s.out, f.ID, f.BandText.ZH)
		}
	}
	for _, f := range res.Summary.Standards {
		fmt.Fprintf(s.out, "%-6s %s: %s; 缺口 %d\n", f.ID, f.Title.ZH, f.Text.ZH, f.Gaps)
	}
	fmt.Fprintln(s.out, slopes(res.Summary.SlopeLeast, res.Summary.SlopeMost))
	_, err = fmt.Fprintf(s.out, "run %d, digest %s\n", id, res.Digest)
	return err
}

// makeRun evaluates the latest data version and publishes.
func makeRun(s *session, st *store.Store, spec planrun.Spec, demo bool) (int64, *planrun.Result, error) {
	snap, err := st.Latest(s.ctx)
	if err != nil {
		return 0, nil, err
	}
	if snap.Version == 0 {
		return 0, nil, planner.Errorf(planner.Invalid, "数据库中还没有数据,请先导入", "the database holds no data yet: import first")
	}
	spec.DataVersion = snap.Version
	var progress planrun.Progress
	if isTerminal(s.errs) {
		const cells = 30
		progress = func(stage string, done float64) {
			bar := strings.Repeat("█", int(done*cells)) + strings.Repeat("░", cells-int(done*cells))
			fmt.Fprintf(s.errs, "\r%s %3.0f%% %s\x1b[K", bar, done*100, stage)
		}
		defer fmt.Fprint(s.errs, "\r\x1b[K")
	}
	return planrun.Execute(s.ctx, st, st, spec, demo, progress)
}

func verify(s *session, st *store.Store, id int64) error {
	spec, digest, err := st.Spec(s.ctx, id)
	if err != nil {
		return err
	}
	res, err := planrun.Recompute(s.ctx, st, spec, nil)
	if err != nil {
		return err
	}
	if res.Digest != digest {
		return planner.Errorf(planner.Conflict, "测算%d重算结果不一致:原%s,今%s", "run %d recomputes to another digest: it was %s, it is %s", id, digest, res.Digest)
	}
	_, err = fmt.Fprintf(s.out, "run %d: the same digest %s\n", id, digest)
	return err
}

// slopes says whether hills counted: the least and the greatest factor of time on a slope that the run used.
func slopes(least, greatest float64) string {
	if least == greatest {
		return "坡度未计入(没有高程) / no slope counted: no elevation"
	}
	return fmt.Sprintf("坡度用时系数 %.3f–%.3f / slope factors of time", least, greatest)
}
