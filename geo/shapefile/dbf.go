package shapefile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// dbf reads the attribute table of a shapefile.
type dbf struct {
	in      *bufio.Reader
	columns []column
	rows    int // as the header says
	row     []byte
	decoder *encoding.Decoder // nil: UTF-8 where valid, GB18030 otherwise
}

type column struct {
	name  string
	kind  byte // C text, N and F number, D date, L logical
	width int
}

func openDBF(r io.Reader, charset string) (*dbf, error) {
	t := &dbf{in: bufio.NewReaderSize(r, 1<<18)}
	var head [32]byte
	if _, err := io.ReadFull(t.in, head[:]); err != nil {
		return nil, fmt.Errorf("%w: .dbf header cut short", ErrFormat)
	}
	t.rows = int(binary.LittleEndian.Uint32(head[4:]))
	headerSize, rowSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headerSize < 33 || rowSize < 1 {
		return nil, fmt.Errorf("%w: .dbf header of %d bytes, rows of %d", ErrFormat, headerSize, rowSize)
	}
	if err := t.choose(charset, head[29]); err != nil {
		return nil, err
	}
	rest := make([]byte, headerSize-32)
	if _, err := io.ReadFull(t.in, rest); err != nil {
		return nil, fmt.Errorf("%w: .dbf header cut short", ErrFormat)
	}
	width := 1
	for ; len(rest) >= 32 && rest[0] != 0x0d; rest = rest[32:] {
		name, _, _ := bytes.Cut(rest[:11], []byte{0})
		c := column{name: t.text(name), kind: rest[11], width: int(rest[16])}
		if c.kind == 'C' {
			c.width += int(rest[17]) << 8 // long text as FoxPro and ArcGIS write it
		}
		width += c.width
		t.columns = append(t.columns, c)
	}
	if width > rowSize {
		return nil, fmt.Errorf("%w: .dbf columns need %d bytes, a row has %d", ErrFormat, width, rowSize)
	}
	t.row = make([]byte, rowSize)
	return t, nil
}

// choose picks the encoding: by name, else by the language byte of the header
// (0x4D is code page 936).
func (t *dbf) choose(charset string, language byte) error {
	name := strings.ToLower(strings.TrimSpace(charset))
	switch {
	case name == "" && language == 0x4d, strings.HasSuffix(name, "936"), name == "gbk", name == "gb2312", name == "gb18030":
		t.decoder = simplifiedchinese.GB18030.NewDecoder()
	case name == "", name == "65001":
	default:
		e, err := htmlindex.Get(name)
		if err != nil {
			return fmt.Errorf("%w: unknown encoding %q in the .cpg", ErrFormat, charset)
		}
		t.decoder = e.NewDecoder()
	}
	return nil
}

func (t *dbf) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

func (t *dbf) text(b []byte) string {
	b = bytes.Trim(b, " \x00")
	if t.decoder == nil {
		if utf8.Valid(b) {
			return string(b)
		}
		if s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil {
			return string(s)
		}
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	s, err := t.decoder.Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return strings.TrimSpace(string(s))
}

// next reads a row; values are trimmed, dates are 2024-03-01.
func (t *dbf) next() (values []string, deleted bool, err error) {
	if _, err := io.ReadFull(t.in, t.row); err != nil {
		return nil, false, errors.New("cut short")
	}
	values = make([]string, len(t.columns))
	at := 1
	for i, c := range t.columns {
		s := t.text(t.row[at : at+c.width])
		if c.kind == 'D' && len(s) == 8 {
			s = s[:4] + "-" + s[4:6] + "-" + s[6:]
		}
		if (c.kind == 'N' || c.kind == 'F') && strings.HasPrefix(s, "*") {
			s = "" // a number that did not fit its column
		}
		values[i] = s
		at += c.width
	}
	return values, t.row[0] == '*', nil
}
