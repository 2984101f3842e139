package generate

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
)

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

// Files that exist only while the counties are generated: what must come
// behind something that is known at the end.
const (
	unitsBody = "units.tmp" // townships and villages, behind the province and the prefectures
	waysBody  = "ways.tmp"  // ways, behind all nodes
)

func newOutput(dir string, div *divisionPlan, opts Options) (*output, error) {
	o := &output{dir: dir, div: div, seed: opts.Seed, parts: map[string]*part{}, counts: map[string]int64{}}
	o.coarse = make([]int32, o.coarseW()*o.coarseH())
	for k := range o.coarse {
		o.coarse[k] = int32(max(-1, min(0, div.countyAt(opts.Seed, k%o.coarseW()-margin, k/o.coarseW()-margin))))
	}
	for _, name := range []string{unitsBody, waysBody, pbfFile, exclusionsFile} {
		if _, err := o.open(name); err != nil {
			return nil, err
		}
	}
	tif, err := o.open("elevation.tif")
	if err != nil {
		return nil, err
	}
	o.tiff, err = newGeotiff(tif.f, pixels*div.cols, pixels*div.rows, originLon, originLat+float64(div.rows*pixels)/3600)
	if err != nil {
		return nil, fmt.Errorf("generate: elevation.tif: %w", err)
	}
	for _, t := range opts.tables() {
		p, err := o.open(t.name)
		if err != nil {
			return nil, err
		}
		b, err := t.text([][]string{t.head})
		if err != nil {
			return nil, err
		}
		if _, err := p.w.Write(append([]byte(t.mark()), b...)); err != nil {
			return nil, fmt.Errorf("generate: %s: %w", t.name, err)
		}
	}
	if err := o.startNetwork(); err != nil {
		return nil, fmt.Errorf("generate: %s: %w", pbfFile, err)
	}
	if _, err := o.parts[exclusionsFile].w.WriteString(exclusionsHead); err != nil {
		return nil, fmt.Errorf("generate: %s: %w", exclusionsFile, err)
	}
	return o, nil
}

func (o *output) coarseW() int { return o.div.cols*lattice + 2*margin }
func (o *output) coarseH() int { return o.div.rows*lattice + 2*margin }

// append puts one county behind those before it.
func (o *output) append(r *chunk) error {
	for k, s := range r.outer {
		if int(s) == r.plan.serial {
			x, y := k%latN+r.plan.col*lattice, k/latN+r.plan.row*lattice
			o.coarse[y*o.coarseW()+x] = s
		}
	}
	for name, b := range r.files {
		w := o.parts[name].w
		if name == exclusionsFile && r.plan.serial > 1 {
			if _, err := w.WriteString(exclusionsBetween); err != nil {
				return fmt.Errorf("generate: %s: %w", name, err)
			}
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return fmt.Errorf("generate: %s: %w", name, err)
		}
	}
	for _, t := range r.tiles {
		if err := o.tiff.place(t); err != nil {
			return fmt.Errorf("generate: elevation.tif: %w", err)
		}
	}
	for k, n := range r.counts {
		o.counts[k] += n
	}
	o.rows = append(o.rows, r.rows...)
	return nil
}

// finish completes the files, gives them their names and writes the manifest.
func (o *output) finish(opts Options) (*Manifest, error) {
	if err := o.joinUnits(); err != nil {
		return nil, fmt.Errorf("generate: units.geojson: %w", err)
	}
	if err := o.tiff.finish(); err != nil {
		return nil, fmt.Errorf("generate: elevation.tif: %w", err)
	}
	if err := o.join(o.parts[pbfFile].w, waysBody); err != nil {
		return nil, fmt.Errorf("generate: %s: %w", pbfFile, err)
	}
	if _, err := o.parts[exclusionsFile].w.WriteString(exclusionsFoot); err != nil {
		return nil, fmt.Errorf("generate: %s: %w", exclusionsFile, err)
	}
	ledger, err := o.open("facilities.xlsx")
	if err != nil {
		return nil, err
	}
	sort.SliceStable(o.rows, func(a, b int) bool { return o.rows[a].code < o.rows[b].code })
	if err := writeWorkbook(ledger.w, o.rows); err != nil {
		return nil, fmt.Errorf("generate: facilities.xlsx: %w", err)
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

// join copies a file that was only needed on the way behind w and removes it.
func (o *output) join(w io.Writer, name string) error {
	p := o.parts[name]
	if err := p.w.Flush(); err != nil {
		return err
	}
	if _, err := p.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(w, p.f); err != nil {
		return err
	}
	delete(o.parts, name)
	if err := p.f.Close(); err != nil {
		return err
	}
	return os.Remove(filepath.Join(o.dir, name+".part"))
}
