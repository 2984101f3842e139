package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// maxRecord bounds one CSV record, in bytes: whatever is longer is no row of a
// table, and must not be held in memory to find out.
const maxRecord = 1 << 20

// csvReader reads RFC 4180 text with commas, tabs or semicolons.
type csvReader struct {
	file   *os.File
	in     *bufio.Reader
	set    charset
	comma  byte
	header []string
	line   int
	record []byte
	values []string
}

func openCSV(path, encoding string, known recognise) (Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &csvReader{file: f}
	if err := r.begin(encoding, known); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// begin reads as far as the heading.
func (r *csvReader) begin(encoding string, known recognise) (err error) {
	if encoding != "" {
		r.set, err = charsetOf(encoding)
	} else {
		r.set, err = sniff(r.file)
	}
	if err != nil {
		return err
	}
	if err := r.rewind(); err != nil {
		return err
	}
	var rows [][]string
	var commas []byte
	for len(rows) < lead {
		number, err := r.read()
		if errors.Is(err, io.EOF) || err != nil && len(rows) > 0 { // what is wrong below the heading is said when it is read
			break
		} else if err != nil {
			return err
		}
		text, wrong := r.set.decode(r.record)
		if wrong != nil && len(rows) == 0 {
			return planner.Errorf(planner.Invalid, "第%d行(表头):%s", "line %d (header): %s", number, wrong.ZH)
		}
		comma := byte(',')
		for _, c := range []byte("\t;") {
			if strings.Count(text, string(c)) > strings.Count(text, string(comma)) {
				comma = c
			}
		}
		cells, _ := split(nil, text, comma)
		rows, commas = append(rows, cells), append(commas, comma)
	}
	if len(rows) == 0 {
		return planner.Errorf(planner.Invalid, "文件是空的:没有表头", "the file is empty: it has no header")
	}
	header, at, _ := known.heading(rows)
	r.header, r.comma = header, commas[at]
	if err := r.rewind(); err != nil {
		return err
	}
	for range at + 1 {
		if _, err := r.read(); err != nil {
			return err
		}
	}
	return checkHeader(r.header)
}

// rewind goes to the first line, behind the mark of UTF-8.
func (r *csvReader) rewind() error {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r.line = 0
	var in io.Reader = r.file
	if r.set.wide {
		in = transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	r.in = bufio.NewReaderSize(in, 1<<16)
	if mark, _ := r.in.Peek(3); bytes.Equal(mark, []byte("\uFEFF")) {
		if _, err := r.in.Discard(3); err != nil {
			return err
		}
	}
	return nil
}

// checkHeader refuses a header that two columns share.
func checkHeader(header []string) error {
	seen := map[string]bool{}
	for i, h := range header {
		header[i] = strings.TrimSpace(h)
		if header[i] != "" && seen[header[i]] {
			return planner.Errorf(planner.Invalid, "表头「%s」出现两次", "two columns are called %q", header[i])
		}
		seen[header[i]] = true
	}
	return nil
}

// read takes the next record that is not blank into r.record and gives the
// line where it begins. Quoted fields may span lines.
func (r *csvReader) read() (int, error) {
	for {
		r.record = r.record[:0]
		begin, quotes := r.line+1, 0
		for {
			part, err := r.in.ReadSlice('\n')
			r.record = append(r.record, part...)
			quotes += bytes.Count(part, []byte{'"'})
			if len(r.record) > maxRecord {
				return begin, planner.Errorf(planner.Invalid, "第%d行超过1 MB,或引号没有成对,不是表格", "line %d is longer than 1 MB, or a quote is not closed: no table", begin)
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return begin, err
			}
			r.line++
			if err != nil && len(r.record) == 0 {
				return begin, io.EOF
			}
			if err != nil || quotes%2 == 0 {
				break
			}
		}
		r.record = bytes.TrimRight(r.record, "\r\n")
		if len(bytes.Trim(r.record, " ,;\t")) > 0 {
			return begin, nil
		}
	}
}

func (r *csvReader) Next() (Row, error) {
	number, err := r.read()
	if err != nil {
		return Row{}, err
	}
	text, wrong := r.set.decode(r.record)
	var closed bool
	r.values, closed = split(r.values[:0], text, r.comma)
	extra := false
	for i, v := range r.values {
		if i < len(r.header) {
			r.values[i] = trim(v)
		} else if v != "" {
			extra = true
		}
	}
	row := Row{Number: number, Values: r.values[:min(len(r.values), len(r.header))]}
	switch {
	case wrong != nil:
	case !closed:
		wrong = &planner.Text{ZH: "引号没有成对", EN: "a quote is not closed"}
	case extra:
		wrong = &planner.Text{ZH: "列数多于表头", EN: "more columns than the header has"}
	default:
		return row, nil
	}
	return Row{}, &RowError{Number: number, Values: row.Values, Text: *wrong}
}

// trim is strings.TrimSpace, which is slow for text that ends in Chinese.
func trim(s string) string {
	if n := len(s); n > 0 && (s[0] <= ' ' || s[0] >= 0xc2 && s[0] <= 0xe3 || s[n-1] <= ' ' || s[n-1] >= 0x80 && s[n-1] <= 0xaf) {
		return strings.TrimSpace(s)
	}
	return s
}

// split adds the fields of a record to a list; closed is false if a quote stays open.
func split(fields []string, s string, comma byte) (_ []string, closed bool) {
	for {
		if !strings.HasPrefix(s, `"`) {
			field, rest, more := strings.Cut(s, string(comma))
			fields = append(fields, field)
			if !more {
				return fields, true
			}
			s = rest
			continue
		}
		var b strings.Builder
		s = s[1:]
		for {
			i := strings.IndexByte(s, '"')
			if i < 0 {
				return append(fields, b.String()+s), false
			}
			b.WriteString(s[:i])
			s = s[i+1:]
			if !strings.HasPrefix(s, `"`) {
				break
			}
			b.WriteByte('"')
			s = s[1:]
		}
		tail, rest, more := strings.Cut(s, string(comma))
		fields = append(fields, b.String()+tail)
		if !more {
			return fields, true
		}
		s = rest
	}
}

func (r *csvReader) Header() []string      { return r.header }
func (r *csvReader) CRS() (crs.CRS, error) { return crs.CRS{}, nil }
func (r *csvReader) Close() error          { return r.file.Close() }

// Offset is how many bytes of the file are read.
func (r *csvReader) Offset() int64 {
	at, err := r.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return at - int64(r.in.Buffered())
}
