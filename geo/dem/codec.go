package dem

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/tiff/lzw"
)

// Values of the Compression tag.
const (
	compNone       = 1
	compLZW        = 5
	compDeflate    = 8
	compOldDeflate = 32946
	compPackBits   = 32773
)

var compressionNames = map[uint64]string{
	2: "CCITT", 3: "CCITT", 4: "CCITT", 6: "old JPEG", 7: "JPEG", 34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA", 50000: "ZSTD", 50001: "WebP",
}

// mostExpansion is how many bytes one compressed byte can become: deflate's longest
// match in one bit and one, LZW's dictionary full of one growing string, a PackBits
// run. Zero for compressions that are not read.
func mostExpansion(compression uint64) int64 {
	switch compression {
	case compNone:
		return 1
	case compLZW:
		return 1500
	case compDeflate, compOldDeflate:
		return 1032
	case compPackBits:
		return 64
	}
	return 0
}

// decompress fills out from raw. Whatever comes after is left, but a checksum on the
// end of deflate is looked at.
func decompress(compression uint64, raw, out []byte) error {
	switch compression {
	case compLZW:
		if len(raw) > 1 && raw[0] == 0 && raw[1]&1 == 1 {
			return errors.New("LZW with bits in the order of before TIFF 5.0")
		}
		r := lzw.NewReader(bytes.NewReader(raw), lzw.MSB, 8)
		defer r.Close()
		_, err := io.ReadFull(r, out)
		return err
	case compDeflate, compOldDeflate:
		r, err := zlib.NewReader(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		defer r.Close()
		if _, err := io.ReadFull(r, out); err != nil {
			return err
		}
		var more [1]byte
		if _, err := io.ReadFull(r, more[:]); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return nil
	case compPackBits:
		return packBits(raw, out)
	}
	return fmt.Errorf("compression %d", compression)
}

// packBits is TIFF 6.0 section 9: a byte n ≥ 0 goes before n+1 bytes as they are,
// n < 0 before one byte to be repeated 1-n times; -128 is nothing.
func packBits(raw, out []byte) error {
	for len(out) > 0 {
		if len(raw) < 2 {
			return io.ErrUnexpectedEOF
		}
		n := int(int8(raw[0]))
		raw = raw[1:]
		switch {
		case n >= 0:
			k := min(n+1, len(out))
			if len(raw) < k {
				return io.ErrUnexpectedEOF
			}
			copy(out, raw[:k])
			raw, out = raw[k:], out[k:]
		case n != -128:
			k := min(1-n, len(out))
			for i := range k {
				out[i] = raw[0]
			}
			raw, out = raw[1:], out[k:]
		}
	}
	return nil
}

// undoDifferences undoes predictor 2 (TIFF 6.0 section 14): each sample is stored as
// the difference to its left neighbour, modulo its size, in the order of the file.
func undoDifferences(b []byte, rowBytes, size int, order binary.ByteOrder) {
	for ; len(b) >= rowBytes; b = b[rowBytes:] {
		row := b[:rowBytes]
		switch size {
		case 1:
			for i := 1; i < rowBytes; i++ {
				row[i] += row[i-1]
			}
		case 2:
			for i := 2; i < rowBytes; i += 2 {
				order.PutUint16(row[i:], order.Uint16(row[i:])+order.Uint16(row[i-2:]))
			}
		case 4:
			for i := 4; i < rowBytes; i += 4 {
				order.PutUint32(row[i:], order.Uint32(row[i:])+order.Uint32(row[i-4:]))
			}
		case 8:
			for i := 8; i < rowBytes; i += 8 {
				order.PutUint64(row[i:], order.Uint64(row[i:])+order.Uint64(row[i-8:]))
			}
		}
	}
}

// undoFloatPlanes undoes predictor 3 (Adobe Photoshop TIFF Technical Note 3): a row
// is stored as the first bytes of all samples, then the second and so on, highest
// byte first whatever the order of the file, each byte as the difference to the one before.
func undoFloatPlanes(b []byte, rowBytes, size int, order binary.ByteOrder) {
	planes := make([]byte, rowBytes)
	width := rowBytes / size
	for ; len(b) >= rowBytes; b = b[rowBytes:] {
		row := b[:rowBytes]
		copy(planes, row)
		for i := 1; i < rowBytes; i++ {
			planes[i] += planes[i-1]
		}
		for i := range width {
			for k := range size {
				to := k
				if order == binary.LittleEndian {
					to = size - 1 - k
				}
				row[i*size+to] = planes[k*width+i]
			}
		}
	}
}
