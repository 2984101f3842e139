package dem

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// The tags that are read: TIFF 6.0, GeoTIFF (OGC 19-008r4), GDAL.
const (
	tagSubfile         = 254
	tagWidth           = 256
	tagHeight          = 257
	tagBits            = 258
	tagCompression     = 259
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagSamples         = 277
	tagRowsPerStrip    = 278
	tagStripCounts     = 279
	tagPredictor       = 317
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileCounts      = 325
	tagSampleFormat    = 339
	tagPixelScale      = 33550
	tagTiepoint        = 33922
	tagTransformation  = 34264
	tagGeoKeys         = 34735
	tagGeoDoubles      = 34736
	tagGeoText         = 34737
	tagGDALMetadata    = 42112
	tagGDALNoData      = 42113
	subfileReduced     = 1
	subfileMask        = 4
	maxDirectories     = 64
	maxEntries         = 1 << 16
	classicEntry       = 12
	bigEntry           = 20
	magicTIFF, magicBT = 42, 43
)

var tagNames = map[uint16]string{
	tagWidth: "ImageWidth", tagHeight: "ImageLength", tagBits: "BitsPerSample", tagCompression: "Compression", tagFillOrder: "FillOrder",
	tagStripOffsets: "StripOffsets", tagSamples: "SamplesPerPixel", tagRowsPerStrip: "RowsPerStrip", tagStripCounts: "StripByteCounts",
	tagPredictor: "Predictor", tagTileWidth: "TileWidth", tagTileHeight: "TileLength", tagTileOffsets: "TileOffsets",
	tagTileCounts: "TileByteCounts", tagSampleFormat: "SampleFormat", tagPixelScale: "ModelPixelScale", tagTiepoint: "ModelTiepoint",
	tagTransformation: "ModelTransformation", tagGeoKeys: "GeoKeyDirectory", tagGeoDoubles: "GeoDoubleParams", tagGeoText: "GeoAsciiParams",
	tagGDALMetadata: "GDAL_METADATA", tagGDALNoData: "GDAL_NODATA", tagSubfile: "NewSubfileType",
}

// field is one entry of a directory.
type field struct {
	kind  uint16
	count uint64
	value int64 // where its values stand in the file
	entry int64 // where the entry itself stands
}

// kindBytes gives the size of a value by its kind; 0 for kinds that are not read.
var kindBytes = map[uint16]int64{1: 1, 2: 1, 3: 2, 4: 4, 11: 4, 12: 8, 16: 8}

// directory is an image file directory (IFD).
type directory struct {
	path  string
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	big   bool // BigTIFF
	at    int64
	tags  map[uint16]field
}

// readDirectories reads the directories of a TIFF in their order.
func readDirectories(path string, r io.ReaderAt, size int64) ([]*directory, error) {
	base := directory{path: path, r: r, size: size}
	head, err := base.bytes(0, 8)
	if err != nil {
		return nil, err
	}
	switch string(head[:2]) {
	case "II":
		base.order = binary.LittleEndian
	case "MM":
		base.order = binary.BigEndian
	default:
		return nil, fmt.Errorf("%w: %s: it begins with %q, a TIFF with \"II\" or \"MM\"; elevation is read from %s", ErrFormat, path, head[:2], kinds)
	}
	next := int64(base.order.Uint32(head[4:]))
	switch magic := base.order.Uint16(head[2:]); magic {
	case magicTIFF:
	case magicBT:
		base.big = true
		b, err := base.bytes(8, 8)
		if err != nil {
			return nil, err
		}
		next = offset(base.order.Uint64(b))
	default:
		return nil, fmt.Errorf("%w: %s: the number at byte 2 is %d, 42 in a TIFF and 43 in a BigTIFF", ErrFormat, path, magic)
	}
	var all []*directory
	for next != 0 {
		if len(all) == maxDirectories {
			return nil, fmt.Errorf("%w: %s: more than %d directories, the last at byte %d", ErrFormat, path, maxDirectories, next)
		}
		d := base
		d.at = next
		if next, err = d.read(); err != nil {
			return nil, err
		}
		all = append(all, &d)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: %s: no image directory; writing it was broken off", ErrFormat, path)
	}
	return all, nil
}

// offset keeps an unsigned offset from becoming a negative one.
func offset(v uint64) int64 { return int64(min(v, math.MaxInt64)) }

// read reads the entries and tells where the next directory is, 0 after the last.
func (d *directory) read() (next int64, err error) {
	count, entry, pointer := int64(2), int64(classicEntry), int64(4)
	if d.big {
		count, entry, pointer = 8, bigEntry, 8
	}
	b, err := d.bytes(d.at, count)
	if err != nil {
		return 0, err
	}
	n := d.unsigned(b)
	if n > maxEntries {
		return 0, fmt.Errorf("%w: %s: the directory at byte %d claims %d entries", ErrFormat, d.path, d.at, n)
	}
	if b, err = d.bytes(d.at+count, int64(n)*entry+pointer); err != nil {
		return 0, err
	}
	d.tags = make(map[uint16]field, n)
	for i := range int64(n) {
		e := b[i*entry:]
		f := field{kind: d.order.Uint16(e[2:]), entry: d.at + count + i*entry}
		f.count = d.unsigned(e[4 : entry-pointer])
		f.value = f.entry + entry - pointer
		if size := kindBytes[f.kind]; size > 0 && f.count > uint64(pointer/size) {
			f.value = offset(d.unsigned(e[entry-pointer : entry]))
		}
		d.tags[d.order.Uint16(e)] = f
	}
	return offset(d.unsigned(b[int64(n)*entry:])), nil
}

// unsigned reads a number as wide as b.
func (d *directory) unsigned(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(d.order.Uint16(b))
	case 4:
		return uint64(d.order.Uint32(b))
	}
	return d.order.Uint64(b)
}

// bytes reads n bytes, having seen that the file has them.
func (d *directory) bytes(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > d.size || n > d.size-at {
		return nil, fmt.Errorf("%w: %s: %d bytes are missing at byte %d: the file ends after %d; copy or download it again", ErrFormat, d.path, n, at, d.size)
	}
	b := make([]byte, n)
	if _, err := d.r.ReadAt(b, at); err != nil {
		return nil, fmt.Errorf("geo: %s: at byte %d: %w", d.path, at, err)
	}
	return b, nil
}

// problem is an error about a tag: kind, file, tag, place, and the rest.
func (d *directory) problem(kind error, tag uint16, format string, args ...any) error {
	where := fmt.Sprintf("the directory at byte %d", d.at)
	if f, ok := d.tags[tag]; ok {
		where = fmt.Sprintf("byte %d", f.entry)
	}
	return fmt.Errorf("%w: %s: tag %d (%s), %s: %s", kind, d.path, tag, tagNames[tag], where, fmt.Sprintf(format, args...))
}

// values reads a tag's bytes, and the size of one value; nil where the tag is absent.
func (d *directory) values(tag uint16, kinds ...uint16) (b []byte, size int, err error) {
	f, ok := d.tags[tag]
	if !ok {
		return nil, 0, nil
	}
	known := false
	for _, k := range kinds {
		known = known || k == f.kind
	}
	if !known {
		return nil, 0, d.problem(ErrFormat, tag, "its values are of kind %d", f.kind)
	}
	n := kindBytes[f.kind]
	if f.count > uint64(d.size/n) {
		return nil, 0, d.problem(ErrFormat, tag, "claims %d values, more than the file holds", f.count)
	}
	if b, err = d.bytes(f.value, int64(f.count)*n); err != nil {
		return nil, 0, d.problem(ErrFormat, tag, "its values lie beyond the end of the file: %v", err)
	}
	return b, int(n), nil
}

// integers reads a tag of unsigned numbers.
func (d *directory) integers(tag uint16) ([]uint64, error) {
	b, size, err := d.values(tag, 1, 3, 4, 16)
	if err != nil || b == nil {
		return nil, err
	}
	v := make([]uint64, len(b)/size)
	for i := range v {
		v[i] = d.unsigned(b[i*size : (i+1)*size])
	}
	return v, nil
}

// integer reads the first number of a tag.
func (d *directory) integer(tag uint16, absent uint64) (uint64, error) {
	v, err := d.integers(tag)
	if err != nil || len(v) == 0 {
		return absent, err
	}
	return v[0], nil
}

// floats reads a tag of doubles.
func (d *directory) floats(tag uint16) ([]float64, error) {
	b, _, err := d.values(tag, 12)
	if err != nil || b == nil {
		return nil, err
	}
	v := make([]float64, len(b)/8)
	for i := range v {
		v[i] = math.Float64frombits(d.order.Uint64(b[8*i:]))
	}
	return v, nil
}

// text reads a tag of characters, without the closing zeros.
func (d *directory) text(tag uint16) (string, error) {
	b, _, err := d.values(tag, 2)
	return strings.TrimRight(string(b), "\x00"), err
}
