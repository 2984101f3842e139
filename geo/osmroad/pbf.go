package osmroad

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/paulmach/osm"
)

// A PBF file is a row of blobs, each with a header that tells its kind and size; sizes are bounded by the format:
// https://wiki.openstreetmap.org/wiki/PBF_Format. We read it ourselves because whatever a file says must end
// in an error: the library's decoder reaches beyond its tables in goroutines of its own, where nobody can catch that.
const (
	greatestHeader = 64 << 10
	greatestBlob   = 32 << 20
)

// features are what a file may require of its reader.
var features = map[string]bool{"OsmSchema-V0.6": true, "DenseNodes": true, "HistoricalInformation": true}

var errDamaged = errors.New("a block contradicts itself")

// pbf reads the blobs of a file.
type pbf struct {
	in   io.Reader
	head []byte
	blob []byte
	data []byte // of the blob, inflated
	z    io.ReadCloser
	kind string
}

// scanPBF visits the objects of a PBF file; they are valid until visit returns.
func scanPBF(ctx context.Context, in io.Reader, nodes, ways, relations bool, visit func(osm.Object) error) error {
	p, b := &pbf{in: in}, block{nodes: nodes, ways: ways, relations: relations, visit: visit}
	for ctx.Err() == nil {
		err := p.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil && p.kind == "OSMHeader":
			err = required(p.data)
		case err == nil && p.kind == "OSMData":
			err = b.read(p.data)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// required refuses a file that needs more than we know.
func required(header []byte) error {
	return fields(header, func(f field) error {
		if f.id == 4 && !features[string(f.bytes)] {
			return fmt.Errorf("the file requires %q, which is not known", f.bytes)
		}
		return nil
	})
}

// next reads a blob; io.EOF after the last.
func (p *pbf) next() error {
	var size [4]byte
	if _, err := io.ReadFull(p.in, size[:]); err != nil {
		return err // io.EOF only before the first byte
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > greatestHeader {
		return fmt.Errorf("a blob header of %d bytes, at most %d are allowed", n, greatestHeader)
	}
	if err := p.fill(&p.head, int(n)); err != nil {
		return err
	}
	blob := uint64(0)
	p.kind = ""
	err := fields(p.head, func(f field) error {
		switch f.id {
		case 1:
			p.kind = string(f.bytes)
		case 3:
			blob = f.number
		}
		return nil
	})
	if err != nil {
		return err
	}
	if blob > greatestBlob {
		return fmt.Errorf("a blob of %d bytes, at most %d are allowed", blob, greatestBlob)
	}
	if err := p.fill(&p.blob, int(blob)); err != nil {
		return err
	}
	return p.unpack()
}

// fill reads n bytes, which must be there.
func (p *pbf) fill(into *[]byte, n int) error {
	if cap(*into) < n {
		*into = make([]byte, n)
	}
	*into = (*into)[:n]
	_, err := io.ReadFull(p.in, *into)
	if errors.Is(err, io.EOF) && n > 0 {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// unpack takes the blob's content into data.
func (p *pbf) unpack() error {
	var size uint64
	var raw, packed []byte
	err := fields(p.blob, func(f field) error {
		switch f.id {
		case 1:
			raw = f.bytes
		case 2:
			size = f.number
		case 3:
			packed = f.bytes
		case 4, 5, 6, 7:
			return fmt.Errorf("a blob is packed by method %d; only zlib is read: osmium cat FILE -o FILE.osm.pbf", f.id)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case packed == nil:
		p.data = raw
		return nil
	case size > greatestBlob:
		return fmt.Errorf("a block of %d bytes, at most %d are allowed", size, greatestBlob)
	}
	if p.z == nil {
		p.z, err = zlib.NewReader(bytes.NewReader(packed))
	} else {
		err = p.z.(zlib.Resetter).Reset(bytes.NewReader(packed), nil)
	}
	if err != nil {
		return err
	}
	if raw != nil || cap(p.data) < int(size) {
		p.data = make([]byte, size)
	}
	p.data = p.data[:size]
	if _, err := io.ReadFull(p.z, p.data); err != nil {
		return errors.Join(err, errDamaged)
	}
	var more [1]byte // the checksum is read with the end
	if n, err := p.z.Read(more[:]); n > 0 || !errors.Is(err, io.EOF) {
		return errors.Join(err, errDamaged)
	}
	return nil
}

// field is one field of a protocol buffer's message: a number, or bytes.
type field struct {
	id     uint64
	number uint64
	bytes  []byte
}

// fields visits the fields of a message.
func fields(message []byte, visit func(field) error) error {
	for len(message) > 0 {
		key, n := binary.Uvarint(message)
		if n <= 0 {
			return errDamaged
		}
		message = message[n:]
		f := field{id: key >> 3}
		switch key & 7 {
		case 0:
			if f.number, n = binary.Uvarint(message); n <= 0 {
				return errDamaged
			}
			message = message[n:]
		case 1, 5:
			size := 8
			if key&7 == 5 {
				size = 4
			}
			if len(message) < size {
				return errDamaged
			}
			message = message[size:]
		case 2:
			size, n := binary.Uvarint(message)
			if n <= 0 || size > uint64(len(message)-n) {
				return errDamaged
			}
			f.bytes, message = message[n:n+int(size)], message[n+int(size):]
		default:
			return errDamaged
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// row reads the numbers of a packed field one by one.
type row []byte

// unsigned gives the next number; ok is false at the end and where it is cut.
func (r *row) unsigned() (v uint64, ok bool) {
	v, n := binary.Uvarint(*r)
	if n <= 0 {
		return 0, false
	}
	*r = (*r)[n:]
	return v, true
}

// signed gives the next number in zigzag.
func (r *row) signed() (v int64, ok bool) {
	u, ok := r.unsigned()
	return zigzag(u), ok
}

func zigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
