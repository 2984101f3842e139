package dem

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

var (
	// ErrFormat says that an elevation file is damaged or none at all.
	ErrFormat = errors.New("geo: bad elevation file")
	// ErrUnsupported says that an elevation file is sound but of a kind that is not read.
	ErrUnsupported = errors.New("geo: elevation file of a kind that is not read")
)

// Model is a set of elevation rasters. It may be used by several goroutines at once.
type Model struct {
	grids []*grid // in order of precedence
	index rtree.RTreeG[int]
	cache *blockCache
	files []io.Closer

	mu  sync.Mutex
	err error // the first block that could not be read
}

// newModel takes rasters in the order given; finer ones come before coarser ones.
func newModel(grids []*grid, files []io.Closer) *Model {
	m := &Model{grids: grids, cache: newBlockCache(cacheBytes), files: files}
	slices.SortStableFunc(m.grids, func(a, b *grid) int { return a.coarseness() - b.coarseness() })
	for i, g := range m.grids {
		b := g.bound.Pad(1e-6) // a point of the edge must not fall out by rounding
		m.index.Insert(b.Min, b.Max, i)
	}
	return m
}

// Close closes the files. At must not be called any more.
func (m *Model) Close() error {
	var errs []error
	for _, f := range m.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// Extent is the rectangle around all cells, lon/lat degrees.
func (m *Model) Extent() orb.Bound {
	b := m.grids[0].bound
	for _, g := range m.grids[1:] {
		b = b.Union(g.bound)
	}
	return b
}

// Err gives the first error met by At when it decoded a part of a file, nil if
// there was none. A caller that wants whole data asks once after its last At.
func (m *Model) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

// Digest is the sha256, in hex, of what decides the answers of At: the contents of
// all files in the order of precedence, and for HGT the tile's name, its only position.
func (m *Model) Digest() (string, error) {
	all := sha256.New()
	for _, g := range m.grids {
		r, err := g.content()
		if err != nil {
			return "", fmt.Errorf("geo: %s: %w", g.path, err)
		}
		h := sha256.New()
		_, err = io.Copy(h, r)
		if err := errors.Join(err, r.Close()); err != nil {
			return "", fmt.Errorf("geo: %s: %w", g.path, err)
		}
		fmt.Fprintf(all, "%s %x\n", g.key, h.Sum(nil))
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// At gives the height in metres at lon, lat (degrees, WGS 84 or CGCS2000),
// bilinear between the four nearest cell centres; ok is false where no raster
// knows it. A void neighbour is taken from another raster; failing that, the rest
// decide if they weigh at least half. It satisfies geo/osmroad's Sampler.
func (m *Model) At(lon, lat float64) (metres float64, ok bool) {
	p := orb.Point{lon, lat}
	for _, i := range m.covering(p) {
		if v, ok := m.interpolate(m.grids[i], p, true); ok {
			return v, true
		}
	}
	return 0, false
}

// covering lists the rasters around p in the order of precedence.
func (m *Model) covering(p orb.Point) []int {
	var found []int
	m.index.Search(p, p, func(_, _ [2]float64, i int) bool {
		found = append(found, i)
		return true
	})
	slices.Sort(found)
	return found
}

// interpolate gives g's height at p. With fill, cells that are void or outside g
// are asked of the other rasters.
func (m *Model) interpolate(g *grid, p orb.Point, fill bool) (float64, bool) {
	x, y := g.cellAt(p)
	if !(x >= -0.5 && y >= -0.5 && x <= float64(g.width)-0.5 && y <= float64(g.height)-0.5) {
		return 0, false // also NaN
	}
	col, row := int(math.Floor(x)), int(math.Floor(y))
	fx, fy := x-math.Floor(x), y-math.Floor(y)
	var sum, known, void float64
	for k, w := range [4]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
		if w == 0 {
			continue
		}
		c, r := col+k&1, row+k>>1
		inside := c >= 0 && r >= 0 && c < g.width && r < g.height
		var v float64
		ok := false
		if inside {
			v, ok = m.cell(g, c, r)
		}
		if !ok && fill {
			v, ok = m.elsewhere(g, c, r)
		}
		switch {
		case ok:
			sum, known = sum+w*v, known+w
		case inside:
			void += w
		}
	}
	if known == 0 || known < void {
		return 0, false
	}
	return sum / known, true
}

// elsewhere asks the other rasters for the height at the centre of g's cell.
func (m *Model) elsewhere(g *grid, col, row int) (float64, bool) {
	p := g.centre(col, row)
	for _, i := range m.covering(p) {
		if h := m.grids[i]; h != g {
			if v, ok := m.interpolate(h, p, false); ok {
				return v, true
			}
		}
	}
	return 0, false
}

// cell gives the height of a cell of g; false for a void.
func (m *Model) cell(g *grid, col, row int) (float64, bool) {
	id, i := g.locate(col, row)
	b, err := m.cache.get(g, id)
	if err != nil {
		m.mu.Lock()
		if m.err == nil {
			m.err = err
		}
		m.mu.Unlock()
	}
	if b == nil {
		return 0, false
	}
	return g.metres(b, i)
}
