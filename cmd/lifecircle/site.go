package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/siting"
	"github.com/lifecircle/lifecircle/planner/siting/instance"
)

// siteCommand solves a location problem of the literature, so that anyone can
// check the planner's answers against published optima.
type siteCommand struct {
	Instance  string        `required:"" type:"existingfile" help:"File of the problem."`
	Format    string        `required:"" enum:"orlib-pmed,orlib-pmedcap,mclp" help:"orlib-pmed, orlib-pmedcap or mclp."`
	P         int           `short:"p" default:"-1" help:"Sites to open: needed for mclp; otherwise the file says it."`
	Radius    float64       `aliases:"service" default:"-1" help:"Distance within which a site covers (mclp)."`
	Problem   int           `default:"1" help:"Which problem of a file that holds several, from 1."`
	Seed      uint64        `help:"Chance of the local search; the answer is the same for the same seed."`
	TimeLimit time.Duration `name:"time-limit" help:"Stop the search early, e.g. 30s; the bound then holds as far as it got."`
}

func (c *siteCommand) Run(s *session) error {
	cover := c.Format == "mclp"
	switch {
	case cover && (c.P < 1 || !(c.Radius >= 0) || math.IsInf(c.Radius, 1)):
		return usageError{planner.Errorf(planner.Invalid, "mclp 需要 -p(至少 1)与 --radius(至少 0)", "mclp needs -p of at least 1 and --radius of at least 0")}
	case !cover && c.Radius != -1:
		return usageError{planner.Errorf(planner.Invalid, "--radius 只用于 mclp", "--radius is for mclp only")}
	case c.P != -1 && c.P < 1:
		return usageError{planner.Errorf(planner.Invalid, "-p 应至少为 1", "-p must be at least 1")}
	case c.Problem < 1 || c.Problem > 1 && c.Format != "orlib-pmedcap":
		return usageError{planner.Errorf(planner.Invalid, "--problem 应从 1 起，且只有 orlib-pmedcap 文件含多个问题", "--problem counts from 1, and only orlib-pmedcap files hold several")}
	case c.TimeLimit < 0:
		return usageError{planner.Errorf(planner.Invalid, "--time-limit 不得为负", "--time-limit must not be negative")}
	}
	in, err := c.read()
	if err != nil {
		return err
	}
	if c.P > 0 {
		in.P = c.P
	}
	if in.P > len(in.Weight) {
		return planner.Errorf(planner.Invalid, "%[3]s：p = %[1]d 大于点数 %[2]d", "%[3]s: p = %[1]d exceeds the %[2]d points", in.P, len(in.Weight), c.Instance)
	}
	solve := siting.CapacitatedMedian // without capacities, the plain one
	if cover {
		solve = siting.MaxCover
	}
	res, err := solve(s.ctx, &in.Problem, in.P, siting.Options{Seed: c.Seed, TimeLimit: c.TimeLimit})
	if err != nil {
		return err
	}
	return c.print(s, in, res)
}

func (c *siteCommand) read() (in *instance.Instance, err error) {
	f, err := os.Open(c.Instance)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch c.Format {
	case "orlib-pmed":
		in, err = instance.ReadPmed(f)
	case "orlib-pmedcap":
		in, err = instance.ReadPmedcap(f, c.Problem)
	default:
		in, err = instance.ReadMCLP(f, c.Radius)
	}
	if err != nil {
		return nil, planner.Errorf(planner.KindOf(err), "%[1]s：%[2]s", "%[1]s: %[3]s", c.Instance, textOf(err).ZH, textOf(err).EN)
	}
	return in, nil
}

func textOf(err error) planner.Text {
	if e, ok := err.(*planner.Error); ok {
		return e.Text
	}
	return planner.Text{ZH: err.Error(), EN: err.Error()}
}

// print gives sites as the file counts them, from 1.
func (c *siteCommand) print(s *session, in *instance.Instance, res *siting.Result) error {
	sites := make([]int, len(res.Sites))
	for k, j := range res.Sites {
		sites[k] = j + 1
	}
	if s.json {
		return json.NewEncoder(s.out).Encode(struct {
			Objective float64 `json:"objective"`
			Bound     float64 `json:"bound"`
			Gap       float64 `json:"gap"`
			Sites     []int   `json:"sites"`
		}{res.Objective, res.Bound, res.Gap(), sites})
	}
	fmt.Fprintf(s.out, "objective %s, bound %s, gap %.4f%%\n", plain(res.Objective), plain(res.Bound), 100*res.Gap())
	fmt.Fprintf(s.out, "sites %s\n", strings.Trim(fmt.Sprint(sites), "[]"))
	if in.Count > 1 {
		fmt.Fprintf(s.out, "problem %d of %d\n", c.Problem, in.Count)
	}
	if res.Cut {
		fmt.Fprintln(s.out, "the time limit ended the search")
	}
	return nil
}

// plain writes a number without exponent and without zeros at its end.
func plain(v float64) string {
	text := fmt.Sprintf("%.6f", v)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
