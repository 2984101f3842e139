package generate

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
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
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	if err := prepare(dir); err != nil {
		return nil, err
	}
	div := newPlan(opts.Scale)
	out, err := newOutput(dir, div, opts.Seed)
	if err != nil {
		return nil, err
	}
	defer out.discard()
	const stages = 5
	total := int64(len(div.counties)*stages + 1)
	for k := range div.counties {
		step := func(s int, name string) error {
			progress(div.counties[k].name+" "+name, int64(k*stages+s), total)
			return ctx.Err()
		}
		c, err := buildCounty(div, &div.counties[k], opts.Seed, step)
		if err != nil {
			return nil, err
		}
		if err := step(4, "写文件"); err != nil {
			return nil, err
		}
		if err := out.county(c); err != nil {
			return nil, err
		}
	}
	progress("合并", total-1, total)
	m, err := out.finish(opts)
	if err != nil {
		return nil, err
	}
	progress("完成", total, total)
	return m, nil
}

// buildCounty generates one county in memory.
func buildCounty(div *divisionPlan, plan *countyPlan, seed int64, step func(int, string) error) (*county, error) {
	if err := step(0, "地形"); err != nil {
		return nil, err
	}
	c := newCounty(div, plan, seed)
	c.divide()
	if err := step(1, "区划与人口"); err != nil {
		return nil, err
	}
	c.populate()
	c.outlineVillages()
	c.scatter()
	if err := step(2, "路网"); err != nil {
		return nil, err
	}
	streets := c.connect()
	streets = append(streets, c.layTowns()...)
	c.nameStreets(streets)
	c.weave(streets)
	if err := step(3, "地址与设施"); err != nil {
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

// output holds the files of a generation while they grow.
type output struct {
	dir    string
	div    *divisionPlan
	seed   int64
	parts  map[string]*part
	coarse []int32 // county per lattice cell of the whole area, for the upper levels' borders
	counts map[string]int64
	rows   []facility
	tiff   *geotiff
	pbf    *network
	tables *tables
	units  *part
}

// part is one file under its temporary name.
type part struct {
	name string
	f    *os.File
	w    *bufio.Writer
}

func (o *output) open(name string) (*part, error) {
	f, err := os.Create(filepath.Join(o.dir, name+".part"))
	if err != nil {
		return nil, fmt.Errorf("generate: %w", err)
	}
	p := &part{name, f, bufio.NewWriterSize(f, 1<<18)}
	o.parts[name] = p
	return p, nil
}

func newOutput(dir string, div *divisionPlan, seed int64) (*output, error) {
	o := &output{dir: dir, div: div, seed: seed, parts: map[string]*part{}, counts: map[string]int64{}}
	o.coarse = make([]int32, o.coarseW()*o.coarseH())
	for k := range o.coarse {
		o.coarse[k] = int32(max(-1, min(0, div.countyAt(seed, k%o.coarseW()-margin, k/o.coarseW()-margin))))
	}
	var err error
	if o.units, err = o.open("units.tmp"); err != nil {
		return nil, err
	}
	tif, err := o.open("elevation.tif")
	if err != nil {
		return nil, err
	}
	o.tiff, err = newGeotiff(tif.f, pixels*div.cols, pixels*div.rows, originLon, originLat+float64(div.rows*pixels)/3600)
	if err != nil {
		return nil, fmt.Errorf("generate: elevation.tif: %w", err)
	}
	if o.pbf, err = newNetwork(o); err != nil {
		return nil, err
	}
	if o.tables, err = newTables(o); err != nil {
		return nil, err
	}
	return o, nil
}

func (o *output) coarseW() int { return o.div.cols*lattice + 2*margin }
func (o *output) coarseH() int { return o.div.rows*lattice + 2*margin }

// county writes one county to every file.
func (o *output) county(c *county) error {
	for k, s := range c.outer {
		if int(s) == c.plan.serial {
			x, y := k%latN+c.col*lattice, k/latN+c.row*lattice
			o.coarse[y*o.coarseW()+x] = s
		}
	}
	for _, f := range []func(*county) error{o.writeUnits, o.tables.county, o.pbf.county} {
		if err := f(c); err != nil {
			return fmt.Errorf("generate: %s: %w", c.plan.name, err)
		}
	}
	o.rows = append(o.rows, c.facility...)
	return c.elevation(o.tiff, o.div.rows)
}

// finish completes the files, gives them their names and writes the manifest.
func (o *output) finish(opts Options) (*Manifest, error) {
	if err := o.joinUnits(); err != nil {
		return nil, fmt.Errorf("generate: units.geojson: %w", err)
	}
	if err := o.tiff.finish(); err != nil {
		return nil, fmt.Errorf("generate: elevation.tif: %w", err)
	}
	if err := o.pbf.finish(); err != nil {
		return nil, fmt.Errorf("generate: network.osm.pbf: %w", err)
	}
	if err := o.tables.finish(o.rows); err != nil {
		return nil, fmt.Errorf("generate: %w", err)
	}
	m := &Manifest{Program: "lifecircle", Scale: opts.Scale, Seed: opts.Seed, Province: o.div.code, County: o.div.counties[0].code,
		Files: map[string]File{}, Counts: o.counts, Notes: map[string]string{"crs": "EPSG:4490, lon/lat", "data": "synthetic, invented places"}}
	names := make([]string, 0, len(o.parts))
	for n := range o.parts {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		f, err := o.parts[n].seal(o.dir)
		if err != nil {
			return nil, fmt.Errorf("generate: %s: %w", n, err)
		}
		m.Files[n] = f
	}
	o.parts = map[string]*part{}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("generate: %w", err)
	}
	tmp := filepath.Join(o.dir, manifestName+".part")
	if err := os.WriteFile(tmp, append(b, '\n'), 0o644); err != nil {
		return nil, fmt.Errorf("generate: %w", err)
	}
	return m, os.Rename(tmp, filepath.Join(o.dir, manifestName))
}

// seal flushes a file, gives it its name and its digest.
func (p *part) seal(dir string) (File, error) {
	if err := p.w.Flush(); err != nil {
		return File{}, err
	}
	if _, err := p.f.Seek(0, io.SeekStart); err != nil {
		return File{}, err
	}
	h := sha256.New()
	n, err := io.Copy(h, p.f)
	if err != nil {
		return File{}, err
	}
	if err := p.f.Close(); err != nil {
		return File{}, err
	}
	path := filepath.Join(dir, p.name)
	return File{n, hex.EncodeToString(h.Sum(nil))}, os.Rename(path+".part", path)
}

// discard removes what a failed generation left.
func (o *output) discard() {
	for n, p := range o.parts {
		_ = p.f.Close()
		_ = os.Remove(filepath.Join(o.dir, n+".part"))
	}
}
