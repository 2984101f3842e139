package ingest

import (
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

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

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

	digest  string // of the files' bytes and of what was asked
	job     int64
	done    int64 // rows of the files that earlier chunks hold
	read    int64
	header  []string // of all files, for the reject list
	checks  []Check
	reader  Reader           // of the file being read
	behind  int64            // bytes of the files before it
	bytes   int64            // of all files
	chunk   *chunk           // being filled
	twins   *twins           // what may be there twice
	cells   cells            // of the row that is read
	serials map[string]int32 // of addresses by unit, as cells has them
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

// identify names the delivery by what it says and asks for.
func (im *importer) identify() error {
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
	fmt.Fprintf(hash, "%q %s %s %s %t %s", im.o.Files, im.o.CRS, im.o.Encoding, mapping, im.o.Replace, rules)
	im.digest = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// rules changes with the reading of files: what an older program staged or took is not what this one would.
const rules = "2"

// openJob finds the staging of the same delivery or begins one. Staged rows are not
// logged: a server that broke down has lost them, and the delivery begins anew.
func (im *importer) openJob(ctx context.Context) error {
	var found string
	var staged, there int64
	err := im.conn.QueryRow(ctx, `SELECT id, digest, rows_done, rows_staged FROM import_job WHERE kind = $1 AND source = $2`, im.kind.name, im.o.Source).Scan(&im.job, &found, &im.done, &staged)
	if err == nil && found == im.digest {
		if err := im.conn.QueryRow(ctx, im.fill(`SELECT count(*) FROM {rows}`)).Scan(&there); err != nil {
			return err
		}
		if there == staged {
			return nil
		}
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
		names := make([]string, len(im.o.Files))
		for i, f := range im.o.Files {
			names[i] = filepath.Base(f)
		}
		if err := tx.QueryRow(ctx, `INSERT INTO import_job (kind, source, digest, files) VALUES ($1, $2, $3, $4) RETURNING id`, im.kind.name, im.o.Source, im.digest, names).Scan(&im.job); err != nil {
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
	if im.kind.has("serial") {
		if err := im.countSerials(ctx); err != nil {
			return err
		}
	}
	im.twins = newTwins(im.done > 0)
	out := im.startSender(ctx)
	im.chunk = <-out.free
	err := im.eachRow(ctx, func(file int, row Row, bound binding, wrong *planner.Text) error {
		if im.read <= im.done {
			return nil
		}
		if wrong != nil {
			im.remark(file, row.Number, *wrong, false)
		} else if err := im.take(file, row, bound); err != nil {
			return err
		}
		if im.chunk.count < im.o.ChunkRows && len(im.chunk.rows) < maxChunk {
			return nil
		}
		return im.handOver(out)
	})
	if err == nil && im.chunk.count > 0 {
		err = im.handOver(out)
	}
	last := out.finish()
	if err == nil {
		err = last
	}
	return err
}

// countSerials goes on behind the serials of what is staged already.
func (im *importer) countSerials(ctx context.Context) error {
	rows, err := im.conn.Query(ctx, im.fill(`SELECT unit_code, max(serial) FROM {rows} WHERE serial IS NOT NULL GROUP BY 1`))
	if err != nil {
		return err
	}
	im.serials = map[string]int32{}
	var unit string
	var n int32
	_, err = pgx.ForEachRow(rows, []any{&unit, &n}, func() error {
		im.serials[unit] = n
		return nil
	})
	return err
}

func (im *importer) handOver(out *sender) (err error) {
	im.chunk.read, im.chunk.share = im.read, im.share()
	im.chunk, err = out.send(im.chunk)
	return err
}

// eachRow reads the files from front to back: each row with where its fields are, or what is wrong with it.
func (im *importer) eachRow(ctx context.Context, each func(file int, row Row, bound binding, wrong *planner.Text) error) error {
	im.read, im.behind = 0, 0
	for i, path := range im.o.Files {
		if err := im.eachOf(ctx, i, path, each); err != nil {
			return err
		}
		bare, _, _ := strings.Cut(path, "#")
		if info, err := os.Stat(bare); err == nil {
			im.behind += info.Size()
		}
	}
	return nil
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

func (im *importer) eachOf(ctx context.Context, file int, path string, each func(file int, row Row, bound binding, wrong *planner.Text) error) error {
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
	for ctx.Err() == nil {
		row, err := r.Next()
		var wrong *RowError
		var why *planner.Text
		switch {
		case errors.Is(err, io.EOF):
			im.note(r.Header())
			return nil
		case errors.As(err, &wrong):
			row, why = Row{Number: wrong.Number, Values: wrong.Values}, &wrong.Text
		case err != nil:
			return fileError(path, err)
		default:
			if h := r.Header(); len(h) != known {
				_, growing := r.(*geoJSONReader)
				if bound, err = bind(im.kind.fields, h, im.o.Mapping, !growing); err != nil {
					return err
				}
				if err := im.kind.identified(bound, h); err != nil && !growing {
					return err
				}
				known = len(h)
			}
		}
		im.read++
		if err := each(file, row, bound, why); err != nil {
			return err
		}
	}
	return ctx.Err()
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

// take checks one row and puts it into the chunk, or into its rejects.
func (im *importer) take(file int, row Row, bound binding) error {
	c := &im.cells
	*c = cells{row: row, bound: bound, fields: im.kind.fields, serials: im.serials, slots: c.slots[:0], values: c.values[:0]}
	rec := im.kind.read(c)
	if own := im.o.Source; !im.kind.common && own != "local" && own != "demo" && rec.key != "" {
		rec.key = own + ":" + rec.key // two deliverers may both have a facility 1
	}
	var geom orb.Geometry
	if c.wrong == nil && im.kind.shape != nowhere {
		if p, ok := rec.geom.(orb.Point); ok && !im.explicit && im.crs.IsLonLat() && (p[0] > 1e5 || p[1] > 1e5) {
			return planner.Errorf(planner.Invalid, "第%d行的坐标(%g, %g)是米,不是度;请用 --crs EPSG:45xx 指明坐标系", "row %d: the coordinates (%g, %g) are metres, not degrees: state the system with --crs EPSG:45xx", row.Number, p[0], p[1])
		}
		geom, c.wrong = im.kind.locate(rec.geom, im.crs)
	}
	if c.wrong == nil && rec.key == "" && !im.kind.keyless {
		c.fail("缺少编码", "it has no id")
	}
	if c.wrong != nil {
		im.remark(file, row.Number, *c.wrong, false)
		return nil
	}
	im.twins.note(rec)
	for _, n := range c.notes {
		im.remark(file, row.Number, n, true)
	}
	return im.chunk.add(im.read, file+1, row.Number, rec, geom)
}

// remark puts a row on the list of rejects, or says of one that is kept what somebody should look at.
func (im *importer) remark(file, number int, why planner.Text, kept bool) {
	im.chunk.remarks = append(im.chunk.remarks, []any{im.read, file + 1, number, why.ZH, why.EN, kept})
	im.chunk.count++
}

// note keeps the order of columns for the reject list.
func (im *importer) note(header []string) {
	for _, h := range header {
		if h != "" && !slices.Contains(im.header, h) {
			im.header = append(im.header, h)
		}
	}
}
