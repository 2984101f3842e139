package generate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Scale is how much land is generated.
type Scale string

// A county of 15 townships, a prefecture of 8 counties, a province of 11
// prefectures and 90 counties.
const (
	County     Scale = "county"
	Prefecture Scale = "prefecture"
	Province   Scale = "province"
)

// Options of one generation. Division codes and names do not depend on Seed.
type Options struct {
	Scale Scale // County when empty
	Seed  int64
	Dirt  float64 // 0 to MaxDirt: how much addresses_dirty.csv is spoiled, see dirt.go; 0 writes none
}

// Manifest describes a finished generation; it is written last, as
// manifest.json, and marks the directory as one of ours.
type Manifest struct {
	Program  string            `json:"program"`
	Scale    Scale             `json:"scale"`
	Seed     int64             `json:"seed"`
	Province string            `json:"province"` // 12-digit code
	County   string            `json:"county"`   // code of the first county
	Files    map[string]File   `json:"files"`
	Counts   map[string]int64  `json:"counts"`
	Notes    map[string]string `json:"notes"`
}

// File is one written file.
type File struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const manifestName = "manifest.json"

// ErrNotEmpty is returned for a directory that holds something else.
var ErrNotEmpty = errors.New("generate: directory is not empty and holds no previous generation")

// Generate writes the files that users import into dir, which is created if
// need be. A directory that already holds files is refused (ErrNotEmpty) unless
// a previous generation left them. Files appear under their names only when
// they are complete. progress may be nil; total counts counties and stages.
func Generate(ctx context.Context, dir string, opts Options, progress func(stage string, done, total int64)) (*Manifest, error) {
	if opts.Scale == "" {
		opts.Scale = County
	}
	if opts.Scale != County && opts.Scale != Prefecture && opts.Scale != Province {
		return nil, fmt.Errorf("generate: unknown scale %q: use county, prefecture or province", opts.Scale)
	}
	if !(opts.Dirt >= 0 && opts.Dirt <= MaxDirt) {
		return nil, fmt.Errorf("generate: dirt %g: give the share of addresses that each kind touches, 0 to %g", opts.Dirt, MaxDirt)
	}
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	if err := prepare(dir); err != nil {
		return nil, err
	}
	div := newPlan(opts.Scale)
	out, err := newOutput(dir, div, opts)
	if err != nil {
		return nil, err
	}
	defer out.discard()
	total := int64(len(div.counties)*stages + 1)
	var mu sync.Mutex
	done := int64(0)
	step := func(plan *countyPlan, name string) error {
		mu.Lock()
		defer mu.Unlock()
		progress(plan.name+" "+name, done, total)
		done++
		return ctx.Err()
	}
	if err := renderAll(div, opts, step, out.append); err != nil {
		return nil, err
	}
	progress("合并", total-1, total)
	m, err := out.finish(opts)
	if err != nil {
		return nil, err
	}
	progress("完成", total, total)
	return m, nil
}

// stages are the steps of one county that progress counts.
const stages = 5

// renderAll builds counties at the same time, one on each core, and hands them
// over in the order of the plan: a county takes nothing from another, so the
// files are the same for any number of cores. At most one county more than
// there are cores is held, which bounds memory.
func renderAll(div *divisionPlan, opts Options, step func(*countyPlan, string) error, take func(*chunk) error) error {
	type result struct {
		chunk *chunk
		err   error
	}
	cores := runtime.GOMAXPROCS(0)
	results := make([]chan result, len(div.counties))
	for k := range results {
		results[k] = make(chan result, 1)
	}
	held, stop := make(chan struct{}, cores+1), make(chan struct{})
	var running sync.WaitGroup
	defer running.Wait()
	defer close(stop)
	running.Go(func() {
		busy := make(chan struct{}, cores)
		for k := range div.counties {
			select {
			case held <- struct{}{}:
			case <-stop:
				return
			}
			busy <- struct{}{}
			running.Go(func() {
				defer func() { <-busy }()
				r, err := renderCounty(div, &div.counties[k], opts, step)
				results[k] <- result{r, err}
			})
		}
	})
	for k := range results {
		r := <-results[k]
		<-held
		if r.err != nil {
			return r.err
		}
		if err := take(r.chunk); err != nil {
			return err
		}
	}
	return nil
}

// renderCounty generates one county and renders its share of the files.
func renderCounty(div *divisionPlan, plan *countyPlan, opts Options, step func(*countyPlan, string) error) (*chunk, error) {
	c, err := buildCounty(div, plan, opts.Seed, func(name string) error { return step(plan, name) })
	if err != nil {
		return nil, err
	}
	if err := step(plan, "写文件"); err != nil {
		return nil, err
	}
	r, err := render(c, opts)
	if err != nil {
		return nil, fmt.Errorf("generate: %s: %w", plan.name, err)
	}
	return r, nil
}

// buildCounty generates one county in memory.
func buildCounty(div *divisionPlan, plan *countyPlan, seed int64, step func(string) error) (*county, error) {
	if err := step("地形"); err != nil {
		return nil, err
	}
	c := newCounty(div, plan, seed)
	c.divide()
	if err := step("区划与人口"); err != nil {
		return nil, err
	}
	c.populate()
	c.outlineVillages()
	c.scatter()
	if err := step("路网"); err != nil {
		return nil, err
	}
	streets := c.connect()
	streets = append(streets, c.layTowns()...)
	c.nameStreets(streets)
	c.weave(streets)
	if err := step("地址与设施"); err != nil {
		return nil, err
	}
	c.build()
	c.furnish()
	return c, nil
}

// prepare makes dir and refuses one that holds strangers.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	if len(list) == 0 {
		return nil
	}
	var m Manifest
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err == nil && json.Unmarshal(b, &m) == nil && m.Program == "lifecircle" {
		return nil
	}
	left := true // files of a generation that was broken off
	for _, e := range list {
		if filepath.Ext(e.Name()) != ".part" {
			left = false
		}
	}
	if left {
		return nil
	}
	return fmt.Errorf("%w: %s has %s; choose an empty directory", ErrNotEmpty, dir, list[0].Name())
}
