package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
)

// copyHead begins PostgreSQL's binary COPY format: signature, no flags, no extension.
const copyHead = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// maxChunk bounds the bytes of a chunk, whatever its rows hold.
const maxChunk = 8 << 20

// chunk is what one commit of the staging takes: rows in the binary COPY format, and remarks.
type chunk struct {
	rows    []byte
	count   int // rows and remarks
	remarks [][]any
	read    int64 // rows of the files up to here
	share   float64
}

func (c *chunk) reset() {
	c.rows, c.count, c.remarks = append(c.rows[:0], copyHead...), 0, c.remarks[:0]
}

// add appends a row. The digest of its content identifies it: two imports of the same row agree.
func (c *chunk) add(seq int64, file, number int, r record, geom orb.Geometry) error {
	b := binary.BigEndian.AppendUint16(c.rows, uint16(6+len(r.hints)+len(r.values)))
	b = appendInt(b, 8, seq)
	b = appendInt(b, 2, int64(file))
	b = appendInt(b, 4, int64(number))
	if r.key == "" {
		b = appendNull(b)
	} else {
		b = appendText(b, r.key)
	}
	for _, v := range r.hints {
		b = appendValue(b, v)
	}
	b = append(b, 0, 0, 0, 16)
	digest := len(b)
	b = append(b, make([]byte, 16)...)
	content := len(b)
	var err error
	if b, err = appendGeometry(b, geom); err != nil {
		return err
	}
	for _, v := range r.values {
		b = appendValue(b, v)
	}
	sum := sha256.Sum256(b[content:])
	copy(b[digest:], sum[:16])
	c.rows, c.count = b, c.count+1
	return nil
}

func appendNull(b []byte) []byte { return append(b, 0xff, 0xff, 0xff, 0xff) }

func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func appendInt(b []byte, size int, v int64) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(size))
	for i := size - 1; i >= 0; i-- {
		b = append(b, byte(v>>(8*i)))
	}
	return b
}

// epoch is day 0 of PostgreSQL.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// appendValue appends a field of a row by its type; a nil pointer is NULL.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendText(b, v)
	case *string:
		if v != nil {
			return appendText(b, *v)
		}
	case bool:
		if v {
			return append(b, 0, 0, 0, 1, 1)
		}
		return append(b, 0, 0, 0, 1, 0)
	case int16:
		return appendInt(b, 2, int64(v))
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), math.Float64bits(v))
	case *float64:
		if v != nil {
			return appendValue(b, *v)
		}
	case *bool:
		if v != nil {
			return appendValue(b, *v)
		}
	case *int: // small numbers, into integer
		if v != nil {
			return appendInt(b, 4, int64(*v))
		}
	case *int16:
		if v != nil {
			return appendInt(b, 2, int64(*v))
		}
	case int32:
		return appendInt(b, 4, int64(v))
	case *float32:
		if v != nil {
			return binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 4), math.Float32bits(*v))
		}
	case *int64:
		if v != nil {
			return appendInt(b, 8, *v)
		}
	case *int32:
		if v != nil {
			return appendInt(b, 4, int64(*v))
		}
	case int64:
		return appendInt(b, 8, v)
	case *time.Time:
		if v != nil {
			return appendInt(b, 4, int64(v.Sub(epoch)/(24*time.Hour)))
		}
	case []string:
		return appendTexts(b, v)
	default:
		panic(fmt.Sprintf("ingest: no COPY form of %T", v)) // a mistake in a kind, found by its first test
	}
	return appendNull(b)
}

// appendTexts appends a text[].
func appendTexts(b []byte, list []string) []byte {
	const textOID = 25
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	dimensions := uint32(min(len(list), 1))
	for _, n := range []uint32{dimensions, 0, textOID} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	if dimensions > 0 {
		b = binary.BigEndian.AppendUint32(b, uint32(len(list)))
		b = binary.BigEndian.AppendUint32(b, 1)
		for _, s := range list {
			b = appendText(b, s)
		}
	}
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b
}

// appendGeometry appends lon/lat as EWKB of SRID 4326; nil is NULL.
func appendGeometry(b []byte, g orb.Geometry) ([]byte, error) {
	if g == nil {
		return appendNull(b), nil
	}
	if p, ok := g.(orb.Point); ok {
		b = append(b, 0, 0, 0, 25, 1, 1, 0, 0, 0x20, 0xe6, 0x10, 0, 0)
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1])), nil
	}
	wkb, err := ewkb.Marshal(g, 4326)
	if err != nil {
		return b, err
	}
	return append(binary.BigEndian.AppendUint32(b, uint32(len(wkb))), wkb...), nil
}

// sender commits chunks on a goroutine of its own, so that the files are read on
// while PostgreSQL works. At most one chunk waits.
type sender struct {
	full chan *chunk
	free chan *chunk
	err  chan error // closed after the last; the first failure ends it
}

func (im *importer) startSender(ctx context.Context) *sender {
	s := &sender{full: make(chan *chunk), free: make(chan *chunk, 2), err: make(chan error, 1)}
	for range 2 {
		c := &chunk{}
		c.reset()
		s.free <- c
	}
	go func() {
		defer close(s.err)
		for c := range s.full {
			if err := im.commit(ctx, c); err != nil {
				s.err <- err
				return
			}
			c.reset()
			s.free <- c
		}
	}()
	return s
}

// send hands a chunk over and gives an empty one.
func (s *sender) send(c *chunk) (*chunk, error) {
	select {
	case s.full <- c:
	case err := <-s.err:
		return nil, err
	}
	select {
	case next := <-s.free:
		return next, nil
	case err := <-s.err:
		return nil, err
	}
}

// finish waits for the last commit.
func (s *sender) finish() error {
	close(s.full)
	return <-s.err
}

// commit writes a chunk together with how far the files are read.
func (im *importer) commit(ctx context.Context, c *chunk) error {
	err := pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
		columns := strings.Join(im.stagingColumns(), ", ")
		_, err := tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(append(c.rows, 0xff, 0xff)), im.fill(`COPY {rows} (`+columns+`) FROM STDIN BINARY`))
		if err != nil {
			return err
		}
		if len(c.remarks) > 0 {
			if _, err := tx.CopyFrom(ctx, im.remarksTable(), remarkColumns, pgx.CopyFromRows(c.remarks)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `UPDATE import_job SET rows_done = $2, rows_staged = rows_staged + $3 WHERE id = $1`, im.job, c.read, c.count-len(c.remarks))
		return err
	})
	if err == nil && im.o.Progress != nil {
		im.o.Progress(Progress{c.read, c.share})
	}
	return err
}
