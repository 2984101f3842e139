package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// importer is one import under way.
type importer struct {
	kind     kind
	o        Options
	conn     *pgxpool.Conn
	crs      crs.CRS
	explicit bool // the user stated the CRS

	job     int64
	done    int64 // rows of the files that earlier chunks hold
	read    int64
	header  []string // of all files, for the reject list
	rows    [][]any  // the chunk being gathered
	checks  []Check
	reader  Reader // of the file being read
	behind  int64  // bytes of the files before it
	bytes   int64  // of all files
	rejects [][]any
}

// checkDemo keeps generated and real data apart.
func (im *importer) checkDemo(ctx context.Context) error {
	var mixed bool
	if err := im.conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM data_version WHERE is_demo <> $1)`, im.o.Demo).Scan(&mixed); err != nil {
		return err
	}
	if mixed && im.o.Demo {
		return planner.Errorf(planner.Conflict, "库中已有真实资料,不能载入演示资料", "the database holds real data: demo data may not join them")
	}
	if mixed {
		return planner.Errorf(planner.Conflict, "库中是演示资料,不能与真实资料混放;请用另一个 --data-dir 或数据库", "the database holds demo data: load real data into another --data-dir or database")
	}
	return nil
}

// openJob finds the staging of the same delivery or begins one.
func (im *importer) openJob(ctx context.Context) error {
	hash := sha256.New()
	for _, path := range im.o.Files {
		bare, _, _ := strings.Cut(path, "#")
		f, err := os.Open(bare)
		if err != nil {
			return planner.Wrap(err, planner.Invalid, "打不开文件「%s」", "cannot open %s", bare)
		}
		n, err := io.Copy(hash, f)
		im.bytes += n
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	mapping, err := json.Marshal(im.o.Mapping)
	if err != nil {
		return err
	}
	fmt.Fprintf(hash, "%q %s %s %s", im.o.Files, im.o.CRS, im.o.Encoding, mapping)
	digest := hex.EncodeToString(hash.Sum(nil))
	var found string
	err = im.conn.QueryRow(ctx, `SELECT id, digest, rows_done FROM import_job WHERE kind = $1 AND source = $2`, im.kind.name, im.o.Source).Scan(&im.job, &found, &im.done)
	if err == nil && found == digest {
		return nil
	}
	if err == nil {
		if err := im.drop(ctx, im.conn); err != nil {
			return err
		}
	} else if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	im.done = 0
	return pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `INSERT INTO import_job (kind, source, digest) VALUES ($1, $2, $3) RETURNING id`, im.kind.name, im.o.Source, digest).Scan(&im.job); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, im.createStaging())
		return err
	})
}

// abandon throws the staging away after an error of the files, and keeps it
// after one that may pass.
func (im *importer) abandon(ctx context.Context, cause error) error {
	if planner.KindOf(cause) != planner.Invalid {
		return cause
	}
	return errors.Join(cause, im.drop(context.WithoutCancel(ctx), im.conn))
}

// stage reads the files to their ends into the staging tables.
func (im *importer) stage(ctx context.Context) error {
	for _, path := range im.o.Files {
		if err := im.stageFile(ctx, path); err != nil {
			return err
		}
		bare, _, _ := strings.Cut(path, "#")
		if info, err := os.Stat(bare); err == nil {
			im.behind += info.Size()
		}
	}
	return im.flush(ctx)
}

// share is the part of all files' bytes that is read: formats that are read from
// front to back tell their offset.
func (im *importer) share() float64 {
	at := im.behind
	if r, ok := im.reader.(interface{ Offset() int64 }); ok {
		at += r.Offset()
	}
	if im.bytes == 0 {
		return 0
	}
	return min(1, float64(at)/float64(im.bytes))
}

func (im *importer) stageFile(ctx context.Context, path string) error {
	r, err := Open(ctx, path, im.o.Encoding, im.kind.recognises(im.o.Mapping))
	if err != nil {
		return err
	}
	defer r.Close()
	im.reader = r
	defer func() { im.reader = nil }()
	if im.kind.shape != nowhere {
		if err := im.settle(r, path); err != nil {
			return err
		}
	}
	var bound binding
	known := -1
	for {
		row, err := r.Next()
		var wrong *RowError
		switch {
		case errors.Is(err, io.EOF):
			im.note(r.Header())
			return nil
		case errors.As(err, &wrong):
			im.read++
			if im.read > im.done {
				im.reject(path, wrong.Number, wrong.Text, wrong.Fields)
			}
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fileError(path, err)
		default:
			if h := r.Header(); len(h) != known {
				_, growing := r.(*geoJSONReader)
				if bound, err = bind(im.kind.fields, h, im.o.Mapping, !growing); err != nil {
					return err
				}
				known = len(h)
			}
			im.read++
			if im.read > im.done {
				if err := im.take(path, row, bound); err != nil {
					return err
				}
			}
		}
		if len(im.rows)+len(im.rejects) >= im.o.ChunkRows {
			if err := im.flush(ctx); err != nil {
				return err
			}
		}
	}
}

// settle decides what system the coordinates of a file are read in.
func (im *importer) settle(r Reader, path string) error {
	if im.explicit {
		return nil
	}
	stated, err := r.CRS()
	if err != nil {
		return planner.Wrap(err, planner.Invalid, "文件「%s」的坐标系无法识别(%v);请先转换,或用 --crs 指明", "the coordinate system of %s is unknown (%v): convert it, or state it with --crs", filepath.Base(path), err)
	}
	if stated == (crs.CRS{}) {
		stated = crs.WGS84
	}
	if im.crs != (crs.CRS{}) && im.crs != stated {
		return planner.Errorf(planner.Invalid, "各文件的坐标系不一致(%v、%v);请分开导入", "the files are in different coordinate systems (%v, %v): import them one by one", im.crs, stated)
	}
	im.crs = stated
	return nil
}

// take checks one row and puts it into the chunk, as a record or as a reject.
func (im *importer) take(path string, row Row, bound binding) error {
	c := &cells{row: row, bound: bound, fields: im.kind.fields}
	rec := im.kind.read(c)
	if own := im.o.Source; !im.kind.common && own != "local" && own != "demo" {
		rec.key = own + ":" + rec.key // two deliverers may both have a facility 1
	}
	var geom []byte
	if c.wrong == nil && im.kind.shape != nowhere {
		if p, ok := rec.geom.(orb.Point); ok && !im.explicit && im.crs.IsLonLat() && (p[0] > 1e5 || p[1] > 1e5) {
			return planner.Errorf(planner.Invalid, "第%d行的坐标(%g, %g)是米,不是度;请用 --crs EPSG:45xx 指明坐标系", "row %d: the coordinates (%g, %g) are metres, not degrees: state the system with --crs EPSG:45xx", row.Number, p[0], p[1])
		}
		g, wrong := im.kind.locate(rec.geom, im.crs)
		c.wrong = wrong
		if g != nil {
			var err error
			if geom, err = wkb.Marshal(g); err != nil {
				return err
			}
		}
	}
	if c.wrong == nil && rec.key == "" {
		c.fail("缺少编码", "it has no id")
	}
	if c.wrong != nil {
		im.reject(path, row.Number, *c.wrong, row.Fields)
		return nil
	}
	line := append([]any{im.read, filepath.Base(path), row.Number, rec.key, digestOf(rec, geom), geom, row.Fields}, rec.values...)
	im.rows = append(im.rows, line)
	return nil
}

func (im *importer) reject(path string, number int, why planner.Text, fields map[string]string) {
	if fields == nil {
		fields = map[string]string{}
	}
	im.rejects = append(im.rejects, []any{im.read, filepath.Base(path), number, why.ZH, why.EN, fields})
}

// note keeps the order of columns for the reject list.
func (im *importer) note(header []string) {
	for _, h := range header {
		if h != "" && !slices.Contains(im.header, h) {
			im.header = append(im.header, h)
		}
	}
}

// digestOf identifies the content of a row: two imports of the same row agree.
func digestOf(r record, geom []byte) []byte {
	var b bytes.Buffer
	for _, v := range r.values {
		switch v := v.(type) {
		case *time.Time:
			if v != nil {
				b.WriteString(v.Format(time.DateOnly))
			}
		default:
			j, _ := json.Marshal(v) // strings, numbers, booleans and lists of strings always marshal
			b.Write(j)
		}
		b.WriteByte(0)
	}
	b.Write(geom)
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// flush commits the chunk together with how far the files are read.
func (im *importer) flush(ctx context.Context) error {
	if len(im.rows)+len(im.rejects) == 0 {
		return nil
	}
	err := pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
		if _, err := tx.CopyFrom(ctx, im.rowsTable(), im.stagingColumns(), pgx.CopyFromRows(im.rows)); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, im.rejectsTable(), rejectColumns, pgx.CopyFromRows(im.rejects)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE import_job SET rows_done = $2 WHERE id = $1`, im.job, im.read)
		return err
	})
	if err != nil {
		return err
	}
	im.rows, im.rejects = im.rows[:0], im.rejects[:0]
	if im.o.Progress != nil {
		im.o.Progress(Progress{im.read, im.share()})
	}
	return nil
}
