package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/geo/dem"
	"github.com/lifecircle/lifecircle/planner"
)

// SaveElevation keeps elevation files (each under its name; the same name again
// replaces it) and gives every network in use its heights, as one new data
// version. Files that are there already change nothing: version 0. Errors: Invalid
// for a file that is no elevation model.
func (s *Store) SaveElevation(ctx context.Context, source string, files []string, demo bool) (version int64, err error) {
	model, err := dem.Open(files...)
	if err != nil {
		return 0, planner.Errorf(planner.Invalid, "高程文件不能读取:%v", "the elevation cannot be read: %v", err)
	}
	defer model.Close()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := claim(ctx, tx, demo); err != nil {
			return err
		}
		now, err := elevations(ctx, tx)
		if err != nil {
			return err
		}
		known := map[string]string{}
		for _, e := range now {
			known[e.source+"\x00"+e.key] = e.digest
		}
		changed := map[string]string{} // file → digest
		for _, f := range files {
			digest, err := digestOf(f)
			if err != nil {
				return err
			}
			if known[source+"\x00"+filepath.Base(f)] != digest {
				changed[f] = digest
			}
		}
		if len(changed) == 0 {
			return nil
		}
		err = tx.QueryRow(ctx, data.SQL("new_version"), pgx.StrictNamedArgs{"kind": "elevation", "source": source, "files": names(files), "crs": "",
			"demo": demo, "added": len(changed), "changed": 0}).Scan(&version)
		if err != nil {
			return err
		}
		for f, digest := range changed {
			if err := keepElevation(ctx, tx, source, f, digest, version); err != nil {
				return err
			}
		}
		return s.raise(ctx, tx, model, version)
	})
	return version, unavailable(err)
}

// keepElevation stores one file in pieces, as it is read.
func keepElevation(ctx context.Context, tx pgx.Tx, source, file, digest string, version int64) error {
	var have bool
	if err := tx.QueryRow(ctx, data.SQL("has_elevation"), pgx.StrictNamedArgs{"digest": digest}).Scan(&have); err != nil {
		return err
	}
	if !have {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		seq := -1
		_, err = tx.CopyFrom(ctx, pgx.Identifier{"elevation_chunk"}, []string{"digest", "seq", "bytes"}, pgx.CopyFromFunc(func() ([]any, error) {
			seq++
			chunk := make([]byte, chunkSize)
			n, err := io.ReadFull(f, chunk)
			if n == 0 && err == io.EOF {
				return nil, nil
			} else if err == io.ErrUnexpectedEOF {
				err = nil
			}
			return []any{digest, seq, chunk[:n]}, err
		}))
		if err != nil {
			return err
		}
	}
	args := pgx.StrictNamedArgs{"source": source, "key": filepath.Base(file), "version": version}
	if _, err := tx.Exec(ctx, data.SQL("close_elevation"), args); err != nil {
		return err
	}
	args["digest"] = digest
	_, err := tx.Exec(ctx, data.SQL("open_elevation"), args)
	return err
}

// raise gives the networks in use the heights of a model: each becomes another network, of the same streets.
func (s *Store) raise(ctx context.Context, tx pgx.Tx, model *dem.Model, version int64) error {
	rows, err := tx.Query(ctx, data.SQL("networks_now"))
	if err != nil {
		return err
	}
	type use struct{ Source, Digest string }
	uses, err := pgx.CollectRows(rows, pgx.RowToStructByPos[use])
	if err != nil {
		return err
	}
	for _, u := range uses {
		flat, err := s.Graph(ctx, u.Digest)
		if err != nil {
			return err
		}
		high := flat.WithElevation(model.At)
		if err := model.Err(); err != nil {
			return planner.Errorf(planner.Invalid, "高程文件不能读取:%v", "the elevation cannot be read: %v", err)
		}
		digest := high.Digest()
		if digest == u.Digest {
			continue
		}
		tag, err := tx.Exec(ctx, data.SQL("copy_network"), pgx.StrictNamedArgs{"digest": digest, "of": u.Digest, "bytes": high.Bytes()})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 {
			if err := copyGraph(ctx, tx, high); err != nil {
				return err
			}
			for _, statement := range []string{"copy_roads", "copy_water"} {
				if _, err := tx.Exec(ctx, data.SQL(statement), pgx.StrictNamedArgs{"digest": digest, "of": u.Digest}); err != nil {
					return err
				}
			}
		}
		if _, err := tx.Exec(ctx, data.SQL("close_network"), pgx.StrictNamedArgs{"source": u.Source, "version": version}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, data.SQL("open_network"), pgx.StrictNamedArgs{"source": u.Source, "version": version, "digest": digest}); err != nil {
			return err
		}
	}
	return nil
}

// Elevation opens the elevation files in use, copied to dir; nil when there are none.
func (s *Store) Elevation(ctx context.Context, dir string) (*dem.Model, error) {
	now, err := elevations(ctx, s.pool)
	if err != nil || len(now) == 0 {
		return nil, unavailable(err)
	}
	var files []string
	for i, e := range now {
		file := filepath.Join(dir, fmt.Sprintf("%d", i), e.key) // two sources may have files of one name
		if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
			return nil, err
		}
		if err := s.fetchElevation(ctx, e.digest, file); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return dem.Open(files...)
}

func (s *Store) fetchElevation(ctx context.Context, digest, file string) error {
	rows, err := s.pool.Query(ctx, data.SQL("elevation_chunks"), pgx.StrictNamedArgs{"digest": digest})
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, &chunkReader{rows: rows})
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

type elevation struct{ source, key, digest string }

func elevations(ctx context.Context, q querier) ([]elevation, error) {
	rows, err := q.Query(ctx, data.SQL("elevation_now"))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (e elevation, err error) {
		return e, r.Scan(&e.source, &e.key, &e.digest)
	})
}

func digestOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func names(files []string) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = filepath.Base(f)
	}
	return out
}
