package generate

import "bytes"

// chunk is one county's share of the files, rendered apart from all others so
// that counties can be built at the same time.
type chunk struct {
	plan   *countyPlan
	files  map[string]*bytes.Buffer // by file name
	counts map[string]int64
	rows   []facility // for the workbook, which is written at the end
	tiles  []tile
	outer  []int32 // as county.outer, for the upper levels' borders
}

// file is where the chunk's share of a file is written.
func (r *chunk) file(name string) *bytes.Buffer {
	b, ok := r.files[name]
	if !ok {
		b = &bytes.Buffer{}
		r.files[name] = b
	}
	return b
}

// render writes one county's share of every file.
func render(c *county, opts Options) (*chunk, error) {
	r := &chunk{plan: c.plan, files: map[string]*bytes.Buffer{}, counts: map[string]int64{}, rows: c.facility, outer: c.outer}
	r.counts["facilities"] = int64(len(c.facility))
	for _, f := range []func(*county) error{r.units, r.exclusions, r.network, r.elevation} {
		if err := f(c); err != nil {
			return nil, err
		}
	}
	return r, r.tables(c, opts)
}
