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
	Objective string        `enum:",lscp,mclp,pmedian,pcenter" default:"" help:"lscp (fewest sites that cover all), mclp (most weight covered), pmedian or pcenter; without it the one that the format is named for. Capacities of orlib-pmedcap hold for each."`
	P         int           `short:"p" default:"-1" help:"Sites to open: needed with files that do not say it."`
	Radius    float64       `aliases:"service" default:"-1" help:"Distance within which a site covers (mclp, lscp)."`
	Problem   int           `default:"1" help:"Which problem of a file that holds several, from 1."`
	Seed      uint64        `help:"Chance of the local search; the answer is the same for the same seed."`
	TimeLimit time.Duration `name:"time-limit" help:"Stop the search early, e.g. 30s; the bound then holds as far as it got."`
}

// check refuses flags that do not go together, and fills in the objective.
func (c *siteCommand) check() error {
	if c.Objective == "" {
		if c.Objective = "pmedian"; c.Format == "mclp" {
			c.Objective = "mclp"
		}
	}
	covers := c.Objective == "mclp" || c.Objective == "lscp"
	switch {
	case covers && (!(c.Radius >= 0) || math.IsInf(c.Radius, 1)):
		return planner.Errorf(planner.Invalid, "%s 需要 --radius(至少 0)", "%s needs --radius of at least 0", c.Objective)
	case !covers && c.Radius != -1:
		return planner.Errorf(planner.Invalid, "--radius 只用于 mclp 与 lscp", "--radius is for mclp and lscp only")
	case c.P != -1 && c.P < 1:
		return planner.Errorf(planner.Invalid, "-p 应至少为 1", "-p must be at least 1")
	case c.P == -1 && c.Format == "mclp" && c.Objective != "lscp":
		return planner.Errorf(planner.Invalid, "mclp 文件未写明设施数，需要 -p(至少 1)", "a file of format mclp does not say how many sites: give -p of at least 1")
	case c.P != -1 && c.Objective == "lscp":
		return planner.Errorf(planner.Invalid, "lscp 求最少设施数，不用 -p", "lscp asks for the fewest sites: leave -p out")
	case c.Problem < 1 || c.Problem > 1 && c.Format != "orlib-pmedcap":
		return planner.Errorf(planner.Invalid, "--problem 应从 1 起，且只有 orlib-pmedcap 文件含多个问题", "--problem counts from 1, and only orlib-pmedcap files hold several")
	case c.TimeLimit < 0:
		return planner.Errorf(planner.Invalid, "--time-limit 不得为负", "--time-limit must not be negative")
	}
	return nil
}

func (c *siteCommand) Run(s *session) error {
	if err := c.check(); err != nil {
		return usageError{err}
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
	if c.Radius >= 0 {
		in.Problem = *in.Problem.Within(c.Radius)
	}
	o := siting.Options{Seed: c.Seed, TimeLimit: c.TimeLimit}
	var res *siting.Result
	switch c.Objective { // without capacities the capacitated questions are the plain ones
	case "lscp":
		res, err = siting.CapacitatedSetCover(s.ctx, &in.Problem, o)
	case "mclp":
		res, err = siting.CapacitatedMaxCover(s.ctx, &in.Problem, in.P, o)
	case "pcenter":
		res, err = siting.Center(s.ctx, &in.Problem, in.P, o)
	default:
		res, err = siting.CapacitatedMedian(s.ctx, &in.Problem, in.P, o)
	}
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
		radius := math.Inf(1)
		if c.Radius >= 0 {
			radius = c.Radius // points are many: only those near each other are kept
		}
		in, err = instance.ReadMCLP(f, radius)
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
