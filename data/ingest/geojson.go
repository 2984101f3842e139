package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// maxFeature bounds the text of one feature, in bytes.
const maxFeature = 256 << 20

// geoJSONReader streams the features of a FeatureCollection (RFC 7946). The id of
// a feature is the field "id" unless its properties have one.
type geoJSONReader struct {
	file   *os.File
	budget *budget
	dec    *json.Decoder
	header []string
	seen   map[string]int // where in the header
	crs    crs.CRS
	crsErr error
	number int
}

// budget fails once a feature takes more than it may.
type budget struct {
	in   io.Reader
	left int
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("a feature is longer than %d MB", maxFeature>>20)
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}

func openGeoJSON(path string) (Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f, 1<<18)
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\uFEFF")) {
		_, _ = in.Discard(3)
	}
	r := &geoJSONReader{file: f, budget: &budget{in: in, left: maxFeature}, seen: map[string]int{}}
	r.dec = json.NewDecoder(r.budget)
	if err := r.begin(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// begin reads up to the first feature.
func (r *geoJSONReader) begin() error {
	first, err := r.dec.Token()
	if errors.Is(err, io.EOF) {
		return planner.Errorf(planner.Invalid, "文件是空的", "the file is empty")
	}
	if first != json.Delim('{') {
		return r.broken(err)
	}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		if key == "features" {
			if open, err := r.dec.Token(); open != json.Delim('[') {
				return r.broken(err)
			}
			return nil
		}
		var value json.RawMessage
		if err := r.dec.Decode(&value); err != nil {
			return r.broken(err)
		}
		if key == "crs" && string(value) != "null" {
			var named struct{ Properties struct{ Name string } }
			if err := json.Unmarshal(value, &named); err != nil {
				return r.broken(err)
			}
			r.crs, r.crsErr = crs.Parse(named.Properties.Name)
		}
	}
	return planner.Errorf(planner.Invalid, "不是 GeoJSON 要素集合:没有 features", "no GeoJSON FeatureCollection: it has no features")
}

func (r *geoJSONReader) broken(err error) error {
	at := r.dec.InputOffset()
	if err == nil {
		err = errors.New("not a FeatureCollection")
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return planner.Errorf(planner.Invalid, "GeoJSON 在第%d个要素之后、第%d字节处中断,文件不完整", "the GeoJSON breaks off after feature %d, at byte %d: the file is cut short", r.number, at)
	}
	return planner.Wrap(err, planner.Invalid, "GeoJSON 在第%d个要素之后、第%d字节处有误:%v", "bad GeoJSON after feature %d, at byte %d: %v", r.number, at, err)
}

func (r *geoJSONReader) Next() (Row, error) {
	r.budget.left = maxFeature
	if !r.dec.More() {
		for range 2 { // the end of the array, then of the object or what follows the array
			if _, err := r.dec.Token(); err != nil {
				return Row{}, r.broken(err)
			}
		}
		return Row{}, io.EOF
	}
	var f struct {
		ID         any
		Properties map[string]any
		Geometry   json.RawMessage
	}
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		return Row{}, r.broken(err)
	}
	r.number++
	row := Row{Number: r.number}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&f); err != nil {
		return Row{}, r.bad(row, err)
	}
	fields := make(map[string]string, len(f.Properties)+1)
	if f.ID != nil {
		fields["id"] = plainText(f.ID)
	}
	for k, v := range f.Properties {
		fields[k] = plainText(v)
	}
	row.Values = r.note(fields)
	if len(f.Geometry) > 0 && string(f.Geometry) != "null" {
		g, err := geojson.UnmarshalGeometry(f.Geometry)
		if err != nil {
			return Row{}, r.bad(row, err)
		}
		row.Geometry = g.Geometry()
	}
	return row, nil
}

func (r *geoJSONReader) bad(row Row, err error) error {
	return &RowError{Number: row.Number, Values: row.Values, Text: planner.Text{ZH: fmt.Sprintf("要素读不了:%v", err), EN: fmt.Sprintf("bad feature: %v", err)}}
}

// note adds columns not seen before, those of one feature in the order of their names,
// and gives the fields in the order of all.
func (r *geoJSONReader) note(fields map[string]string) []string {
	known := len(r.header)
	for k := range fields {
		if _, ok := r.seen[k]; !ok {
			r.header = append(r.header, k)
		}
	}
	slices.Sort(r.header[known:])
	for i := known; i < len(r.header); i++ {
		r.seen[r.header[i]] = i
	}
	values := make([]string, len(r.header))
	for k, v := range fields {
		values[r.seen[k]] = v
	}
	return values
}

// plainText gives a JSON value as a cell of a table would have it; lists joined by 、.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case []any:
		s := ""
		for i, e := range v {
			if i > 0 {
				s += "、"
			}
			s += plainText(e)
		}
		return s
	case map[string]any:
		b, _ := json.Marshal(v)
		return string(b)
	}
	return fmt.Sprint(v)
}

func (r *geoJSONReader) Header() []string      { return r.header }
func (r *geoJSONReader) CRS() (crs.CRS, error) { return r.crs, r.crsErr }
func (r *geoJSONReader) Close() error          { return r.file.Close() }

// Offset is how many bytes of the file are read.
func (r *geoJSONReader) Offset() int64 { return r.dec.InputOffset() }
