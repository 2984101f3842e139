package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/data/survey"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/completeness"
)

// qualityCommand asks how good data are, before anybody is told of gaps.
type qualityCommand struct {
	Network networkQuality `cmd:"" help:"How complete the street network is, by township."`
}

type networkQuality struct {
	Units []string `help:"Division codes; all townships without it."`
	Out   string   `short:"o" type:"path" placeholder:"FILE" help:"CSV or XLSX to write the table to."`
}

func (q *networkQuality) Run(s *session) error {
	var within []planner.Code
	for _, u := range q.Units {
		code, err := planner.ParseCode(u)
		if err != nil {
			return usageError{err}
		}
		within = append(within, code)
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := store.New(db.Pool)
	version, digest, err := st.Network(s.ctx)
	if err != nil {
		return err
	}
	g, err := st.Graph(s.ctx, digest)
	if err != nil {
		return err
	}
	r, err := completeness.Measure(s.ctx, st, version, digest, g)
	if err != nil {
		return err
	}
	r.Keep(within)
	if q.Out != "" {
		if err := survey.WriteTownships(q.Out, r); err != nil {
			return err
		}
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(r)
	}
	fmt.Fprintf(s.out, "%-14s %10s %10s %8s %10s %10s %8s %8s %7s\n", "township", "street km", "foot km", "km/km2", "km/1000 p", "addresses", ">100 m", ">500 m", "pieces")
	for _, t := range append(r.Townships[:len(r.Townships):len(r.Townships)], r.Whole) {
		fmt.Fprintf(s.out, "%-14s %10.1f %10.1f %8.2f %10.2f %10d %8d %8d %7d  %s\n", t.Code, t.StreetKM, t.FootKM, t.PerKM2, t.PerPeople, t.Addresses, t.Far100, t.Far500, t.Pieces, t.Name)
	}
	tellTownships(s.out, r)
	return nil
}

// tellTownships says which townships' networks are doubtful, and why.
func tellTownships(w io.Writer, r *completeness.Report) {
	if len(r.Townships) == 0 {
		return
	}
	flagged := r.Flagged()
	fmt.Fprintf(w, "路网完整性:%d个乡镇(街道)中%d个待核实 / completeness: %d of %d townships are to be verified\n", len(r.Townships), len(flagged), len(flagged), len(r.Townships))
	for i, t := range flagged {
		if i == 20 {
			fmt.Fprintf(w, "  … lifecircle quality network -o FILE.xlsx 可得全部 / lists all\n")
			break
		}
		var zh, en []string
		for _, f := range t.Findings {
			zh, en = append(zh, f.ZH), append(en, f.EN)
		}
		fmt.Fprintf(w, "  %s %s:%s / %s\n", t.Code, t.Name, strings.Join(zh, ";"), strings.Join(en, "; "))
	}
}
