package dem

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// tiles is where a raster's tiles or strips stand in the file.
type tiles struct {
	*directory
	grid            *grid
	compression     uint64
	predictor       uint64
	offsets, counts []uint64
}

// newGeoTIFF describes the raster of a GeoTIFF or BigTIFF. Of several images the
// first at full resolution is taken; overviews are left.
func newGeoTIFF(path string, r io.ReaderAt, size int64) (*grid, error) {
	all, err := readDirectories(path, r, size)
	if err != nil {
		return nil, err
	}
	d := all[0]
	for i := len(all) - 1; i >= 0; i-- {
		kind, err := all[i].integer(tagSubfile, 0)
		switch {
		case err != nil:
			return nil, err
		case kind&subfileMask != 0:
			return nil, all[i].problem(ErrUnsupported, tagSubfile, "a mask of valid cells; make them a void value: gdalwarp -dstnodata -9999 '%s' OUT.tif", path)
		case kind&subfileReduced == 0:
			d = all[i]
		}
	}
	g := &grid{path: path, order: d.order}
	g.content = func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, 0, size)), nil }
	if err := d.shape(g); err != nil {
		return nil, err
	}
	unit, err := d.meaning(g)
	if err != nil {
		return nil, err
	}
	keys, err := d.geoKeys()
	if err != nil {
		return nil, err
	}
	if code, ok := keys.number[keyVerticalUnit]; ok && unit == 0 {
		if unit, ok = metresPer[code]; !ok {
			return nil, d.problem(ErrUnsupported, tagGeoKeys, "heights in unit EPSG:%d, neither metre nor foot", code)
		}
	}
	if unit != 0 {
		g.scale, g.add = g.scale*unit, g.add*unit
	}
	if g.system, err = d.system(keys); err != nil {
		return nil, err
	}
	if g.transform, err = d.affine(keys); err != nil {
		return nil, err
	}
	t := &tiles{directory: d, grid: g}
	if err := t.lay(); err != nil {
		return nil, err
	}
	g.read = t.read
	if at, ok := g.measure(); !ok {
		return nil, fmt.Errorf("%w: %s: its edge has a point %v, which %s cannot have; is its coordinate system right? See gdalinfo '%s'", ErrFormat, path, at, g.system, path)
	}
	return g, nil
}

// shape reads the size of the raster and the type of its cells.
func (d *directory) shape(g *grid) error {
	size := func(tag uint16, into *int) error {
		v, err := d.integer(tag, 0)
		if err == nil && (v == 0 || v > 1<<30) {
			err = d.problem(ErrFormat, tag, "%d cells", v)
		}
		*into = int(v)
		return err
	}
	if err := size(tagWidth, &g.width); err != nil {
		return err
	}
	if err := size(tagHeight, &g.height); err != nil {
		return err
	}
	one := func(tag uint16, absent, wanted uint64, remedy string) error {
		v, err := d.integer(tag, absent)
		if err == nil && v != wanted {
			err = d.problem(ErrUnsupported, tag, "%d; rewrite it: gdal_translate %s '%s' OUT.tif", v, remedy, d.path)
		}
		return err
	}
	if err := one(tagSamples, 1, 1, "-b 1"); err != nil {
		return err
	}
	if err := one(tagFillOrder, 1, 1, "-co COMPRESS=DEFLATE"); err != nil {
		return err
	}
	bits, err := d.integer(tagBits, 1)
	if err != nil {
		return err
	}
	format, err := d.integer(tagSampleFormat, 1)
	if err != nil {
		return err
	}
	kinds := map[[2]uint64]sample{{1, 8}: uint8Sample, {2, 8}: int8Sample, {1, 16}: uint16Sample, {1, 32}: uint32Sample, {2, 16}: int16Sample, {2, 32}: int32Sample, {3, 32}: float32Sample, {3, 64}: float64Sample}
	if g.sample = kinds[[2]uint64{format, bits}]; g.sample == 0 {
		return d.problem(ErrUnsupported, tagBits, "%d bits of sample format %d; rewrite it: gdal_translate -ot Float32 '%s' OUT.tif", bits, format, d.path)
	}
	return nil
}

// meaning reads what GDAL notes about values: the void, scale and offset, and how
// many metres their unit has, 0 where no unit is noted.
func (d *directory) meaning(g *grid) (unit float64, err error) {
	g.void, g.scale = math.NaN(), 1
	text, err := d.text(tagGDALNoData)
	if err != nil {
		return 0, err
	}
	if text = strings.TrimSpace(text); text != "" {
		if g.void, err = strconv.ParseFloat(text, 64); err != nil && !math.IsInf(g.void, 0) {
			return 0, d.problem(ErrFormat, tagGDALNoData, "%q is no number; rewrite it: gdal_translate -a_nodata -32768 '%s' OUT.tif", text, d.path)
		}
		if g.sample == float32Sample {
			g.void = float64(float32(g.void))
		}
	}
	if text, err = d.text(tagGDALMetadata); err != nil || text == "" {
		return 0, err
	}
	var metadata struct {
		Item []struct {
			Role string `xml:"role,attr"`
			Text string `xml:",chardata"`
		}
	}
	if err := xml.Unmarshal([]byte(text), &metadata); err != nil {
		return 0, d.problem(ErrFormat, tagGDALMetadata, "%v", err)
	}
	for _, item := range metadata.Item {
		value := strings.TrimSpace(item.Text)
		switch item.Role {
		case "scale":
			g.scale, err = strconv.ParseFloat(value, 64)
		case "offset":
			g.add, err = strconv.ParseFloat(value, 64)
		case "unittype":
			switch strings.ToLower(value) {
			case "m", "metre", "meter", "metres", "meters":
				unit = 1
			case "ft", "foot", "feet":
				unit = metresPer[9002]
			case "us-ft", "us survey foot", "ftus":
				unit = metresPer[9003]
			default:
				err = fmt.Errorf("heights in %q", value)
			}
		}
		if err != nil {
			return 0, d.problem(ErrUnsupported, tagGDALMetadata, "%v", err)
		}
	}
	return unit, nil
}

// lay reads where the tiles are, and compares every size with the file.
func (t *tiles) lay() error {
	g := t.grid
	var err error
	if t.compression, err = t.integer(tagCompression, compNone); err != nil {
		return err
	}
	rewrite := fmt.Sprintf("rewrite it: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES '%s' OUT.tif", t.path)
	expansion := mostExpansion(t.compression)
	if expansion == 0 {
		return t.problem(ErrUnsupported, tagCompression, "compression %d (%s); %s", t.compression, compressionNames[t.compression], rewrite)
	}
	if t.predictor, err = t.integer(tagPredictor, 1); err != nil {
		return err
	}
	float := g.sample == float32Sample || g.sample == float64Sample
	if t.predictor < 1 || t.predictor > 3 || t.predictor == 3 && !float {
		return t.problem(ErrUnsupported, tagPredictor, "predictor %d; %s", t.predictor, rewrite)
	}
	offsetTag, countTag := uint16(tagStripOffsets), uint16(tagStripCounts)
	width, height := uint64(g.width), uint64(g.height)
	if _, tiled := t.tags[tagTileWidth]; tiled {
		offsetTag, countTag = tagTileOffsets, tagTileCounts
		if width, err = t.integer(tagTileWidth, 0); err == nil {
			height, err = t.integer(tagTileHeight, 0)
		}
	} else {
		height, err = t.integer(tagRowsPerStrip, height)
		height = min(height, uint64(g.height))
	}
	if err != nil {
		return err
	}
	if width == 0 || height == 0 || width > 1<<30 || height > 1<<30 {
		return t.problem(ErrFormat, offsetTag, "tiles or strips of %d × %d cells", width, height)
	}
	g.layOut(int(width), int(height), t.compression == compNone)
	if n := int64(g.chunkRows) * int64(width) * int64(g.sample.bytes()); int64(g.chunkRows)*int64(width) > blockLimit || n > blockLimit {
		return t.problem(ErrUnsupported, offsetTag, "a tile or strip of %d × %d cells needs more memory than %d MiB; %s", width, height, blockLimit>>20, rewrite)
	}
	if t.offsets, err = t.integers(offsetTag); err != nil {
		return err
	}
	if t.counts, err = t.integers(countTag); err != nil {
		return err
	}
	want := int64(g.across) * int64((g.height-1)/int(height)+1)
	if int64(len(t.offsets)) != want || int64(len(t.counts)) != want {
		return t.problem(ErrFormat, offsetTag, "%d offsets and %d lengths for %d tiles or strips; copy or download it again", len(t.offsets), len(t.counts), want)
	}
	for i, at := range t.offsets {
		n, needed := t.counts[i], t.rowsOf(i)*int64(width)*int64(g.sample.bytes())
		switch {
		case at == 0 && n == 0: // GDAL leaves out tiles without data
		case at > uint64(t.size) || n > uint64(t.size)-at:
			return t.problem(ErrFormat, offsetTag, "tile or strip %d stands at bytes %d to %d, the file ends after %d; copy or download it again", i, at, at+n, t.size)
		case needed > int64(n)*expansion:
			return t.problem(ErrFormat, countTag, "tile or strip %d has %d bytes, which cannot hold %d; copy or download it again", i, n, needed)
		}
	}
	return nil
}

// rowsOf gives the rows that tile i has in the file: the last strip is shorter.
func (t *tiles) rowsOf(i int) int64 {
	g := t.grid
	if _, tiled := t.tags[tagTileWidth]; tiled {
		return int64(g.tileHeight)
	}
	return int64(min(g.tileHeight, g.height-i*g.tileHeight))
}

// read decodes a block of the grid.
func (t *tiles) read(block int64) ([]byte, error) {
	g := t.grid
	i, chunk := int(block/int64(g.chunks())), int(block%int64(g.chunks()))
	if t.offsets[i] == 0 && t.counts[i] == 0 {
		return nil, nil
	}
	rowBytes := g.tileWidth * g.sample.bytes()
	start := chunk * g.chunkRows
	rows := min(g.chunkRows, int(t.rowsOf(i))-start)
	at, n := int64(t.offsets[i]), int64(t.counts[i])
	if t.compression == compNone {
		at, n = at+int64(start*rowBytes), int64(rows*rowBytes)
	}
	raw, err := t.bytes(at, n)
	if err != nil || t.compression == compNone {
		return raw, err
	}
	out := make([]byte, rows*rowBytes)
	if err := decompress(t.compression, raw, out); err != nil {
		return nil, fmt.Errorf("%w: %s: tile or strip %d at byte %d: %w; copy or download it again", ErrFormat, t.path, i, at, err)
	}
	switch t.predictor {
	case 2:
		undoDifferences(out, rowBytes, g.sample.bytes(), g.order)
	case 3:
		undoFloatPlanes(out, rowBytes, g.sample.bytes(), g.order)
	}
	return out, nil
}
