package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/planner"
)

type doctorCommand struct{}

// finding is what doctor says of one thing that it looked at.
type finding struct {
	Check    string          `json:"check"`
	Subject  string          `json:"subject"`
	OK       bool            `json:"ok"`
	Problem  *planner.Text   `json:"problem,omitempty"`
	Remedy   *planner.Text   `json:"remedy,omitempty"`
	Sections []graph.Section `json:"sections,omitempty"`
}

// wrong is a finding that something must be done about.
func wrong(check, subject string, problem, remedy planner.Text) finding {
	return finding{Check: check, Subject: subject, Problem: &problem, Remedy: &remedy}
}

// examinations are what doctor looks at, in the order of its report.
var examinations = []func(*session, *opened, *store.Store) ([]finding, error){networkFindings, graphFindings}

// Run looks at everything that an operator cannot see, changes nothing, and fails when something is wrong.
func (d *doctorCommand) Run(s *session) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	report := struct {
		OK       bool      `json:"ok"`
		Findings []finding `json:"findings"`
	}{true, []finding{}}
	bad := 0
	for _, examine := range examinations {
		found, err := examine(s, db, db.store())
		if err != nil {
			return err
		}
		for _, f := range found {
			if !f.OK {
				report.OK, bad = false, bad+1
			}
		}
		report.Findings = append(report.Findings, found...)
	}
	if s.json {
		err = s.printJSON(report)
	} else {
		for _, f := range report.Findings {
			f.print(s)
		}
	}
	if err == nil && bad > 0 {
		err = planner.Errorf(planner.Conflict, "%d项检查有问题,处理办法见上", "%d of the checks failed; what to do stands above", bad)
	}
	return err
}

func (f finding) print(s *session) {
	state := "ok "
	if !f.OK {
		state = "BAD"
	}
	fmt.Fprintf(s.out, "%s %s %s\n", state, f.Check, f.Subject)
	for _, t := range []*planner.Text{f.Problem, f.Remedy} {
		if t != nil {
			fmt.Fprintf(s.out, "    %s\n    %s\n", t.ZH, t.EN)
		}
	}
	for _, section := range f.Sections {
		state := "ok "
		if section.Damaged {
			state = "BAD"
		}
		fmt.Fprintf(s.out, "    %s %-14s %12d bytes  sha256 %s\n", state, section.Name, section.Bytes, section.SHA256)
	}
}

// networkFindings proves the networks in the database, section by section.
func networkFindings(s *session, _ *opened, st *store.Store) ([]finding, error) {
	networks, err := st.Networks(s.ctx)
	if err != nil {
		return nil, err
	}
	var all []finding
	for _, n := range networks {
		f := finding{Check: "network", Subject: fmt.Sprintf("%s (%s)", n.Digest, n.File), OK: true}
		if f.Sections, err = st.ProveNetwork(s.ctx, n.Digest); err != nil {
			problem, err := graphProblem(err)
			if err != nil {
				return nil, err
			}
			remedy := planner.Text{ZH: fmt.Sprintf("请重新导入:lifecircle import network %s", n.File), EN: fmt.Sprintf("import it again: lifecircle import network %s", n.File)}
			if !n.InUse {
				remedy = planner.Text{ZH: remedy.ZH + "(当前数据版本不用此路网,只有早先的测算用它)", EN: remedy.EN + " (no current data version uses it, only earlier runs)"}
			}
			sections := f.Sections
			f = wrong(f.Check, f.Subject, problem, remedy)
			f.Sections = sections
		}
		all = append(all, f)
	}
	return all, nil
}

// graphFindings proves the graph files that this machine keeps.
func graphFindings(_ *session, db *opened, _ *store.Store) ([]finding, error) {
	entries, err := os.ReadDir(db.graphs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []finding
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".graph" {
			continue
		}
		path := filepath.Join(db.graphs, e.Name())
		f := finding{Check: "graph file", Subject: path, OK: true}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		f.Sections, err = graph.Prove(file)
		file.Close()
		if err != nil {
			problem, err := graphProblem(err)
			if err != nil {
				return nil, err
			}
			sections := f.Sections
			f = wrong(f.Check, path, problem, planner.Text{ZH: "请删除此文件,下次使用时会从数据库重新取得", EN: "delete this file: it is fetched from the database again when it is needed"})
			f.Sections = sections
		}
		all = append(all, f)
	}
	return all, nil
}

// graphProblem tells what is wrong with a graph file, or gives back an error that is of another kind.
func graphProblem(err error) (planner.Text, error) {
	var file *graph.FileError
	if errors.As(err, &file) {
		return planner.Text{ZH: file.ZH, EN: file.EN}, nil
	}
	return planner.Text{}, err
}
