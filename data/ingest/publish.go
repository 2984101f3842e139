package ingest

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lifecircle/lifecircle/planner"
)

// errDryRun rolls a publication back that was only to be counted.
var errDryRun = errors.New("dry run")

// publish writes the reject list and merges the staged rows into the kind's table
// in one transaction: a new data version, or none if nothing differs.
func (im *importer) publish(ctx context.Context) (Result, error) {
	result := Result{Read: im.read, DryRun: im.o.DryRun}
	var usable int64
	var mapped, known bool
	err := im.conn.QueryRow(ctx, im.fill(`SELECT (SELECT count(*) FROM {rows}), (SELECT count(DISTINCT seq) FROM {remarks} WHERE NOT kept), (SELECT count(DISTINCT seq) FROM {remarks} WHERE kept),
			EXISTS (SELECT FROM {rows} WHERE geom IS NOT NULL), EXISTS (SELECT FROM {table} WHERE source = $1 AND to_version = open_version())`), im.o.Source).
		Scan(&usable, &result.Rejected, &result.Noted, &mapped, &known)
	if err != nil {
		return result, err
	}
	if mapped {
		result.CRS = im.crs.String()
	}
	if result.Rejected+result.Noted > 0 && im.o.Rejects != "" {
		if err := im.timed("reject_list", func() (int64, error) { return 0, im.writeRejects(ctx, im.o.Rejects) }); err != nil {
			return result, err
		}
		result.Rejects = im.o.Rejects
	}
	if usable == 0 {
		return result, im.nothingUsable(ctx, result)
	}
	differs := !known
	if known {
		if err := im.timed("compare", func() (int64, error) {
			return 0, im.conn.QueryRow(ctx, im.fill(anyDifference), im.o.Source, im.o.Replace).Scan(&differs)
		}); err != nil {
			return result, err
		}
	}
	if differs {
		err := pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
			// Staging may be lost with the server, a version that was told of may not.
			if _, err := tx.Exec(ctx, `SET LOCAL synchronous_commit = on`); err != nil {
				return err
			}
			if err := im.merge(ctx, tx, &result, usable, known); err != nil {
				return err
			}
			if im.o.DryRun {
				return errDryRun
			}
			return im.drop(ctx, tx)
		})
		if !errors.Is(err, errDryRun) {
			result.Checks = im.checks
			return result, err
		}
	}
	result.Checks = im.checks
	if err := im.conn.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM data_version`).Scan(&result.Version); err != nil {
		return result, err
	}
	return result, im.drop(ctx, im.conn)
}

// merge closes what changed, inserts what is new and writes the version row.
func (im *importer) merge(ctx context.Context, tx pgx.Tx, result *Result, usable int64, known bool) error {
	if err := tx.QueryRow(ctx, `INSERT INTO data_version (kind, source, files, crs, is_demo, rows_rejected) SELECT kind, source, files, $2, $3, $4 FROM import_job WHERE id = $1 RETURNING id`,
		im.job, result.CRS, im.o.Demo, result.Rejected).Scan(&result.Version); err != nil {
		return err
	}
	run := func(sql string) (int64, error) {
		tag, err := tx.Exec(ctx, im.fill(sql), result.Version, im.o.Source)
		return tag.RowsAffected(), err
	}
	var err error
	if known {
		if result.Changed, err = run(closeChanged); err != nil {
			return err
		}
		if _, err := run(overrule); err != nil {
			return err
		}
		if im.o.Replace {
			if result.Removed, err = run(closeAbsent); err != nil {
				return err
			}
		}
	}
	insert := func() error {
		return im.timed("publish", func() (int64, error) {
			sql := insertNew
			if !known {
				sql = insertAll
			}
			n, err := run(sql)
			result.Added = n - result.Changed
			return 0, err
		})
	}
	bulk := false
	if usable >= bulkRows && !im.o.DryRun {
		if err := tx.QueryRow(ctx, im.fill(outweighs), usable).Scan(&bulk); err != nil {
			return err
		}
	}
	if bulk {
		err = im.loadFirst(ctx, tx, insert)
	} else {
		err = insert()
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, im.fill(keepRejects), result.Version); err != nil {
		return err
	}
	result.Checks = im.checks
	_, err = tx.Exec(ctx, `UPDATE data_version SET rows_added = $2, rows_changed = $3, rows_removed = $4, delivery = $5, report = $6 WHERE id = $1`,
		result.Version, result.Added, result.Changed, result.Removed, im.digest, result)
	return err
}

// nothingUsable says why a delivery without one good row changes nothing.
func (im *importer) nothingUsable(ctx context.Context, result Result) error {
	if result.Rejected == 0 {
		return planner.Errorf(planner.Invalid, "文件只有表头,没有数据行", "the file has a header but no rows")
	}
	var why planner.Text
	var number int64
	if err := im.conn.QueryRow(ctx, im.fill(`SELECT number, zh, en FROM {remarks} WHERE NOT kept ORDER BY seq LIMIT 1`)).Scan(&number, &why.ZH, &why.EN); err != nil {
		return err
	}
	e := planner.Errorf(planner.Invalid, "%d行全部被退回,没有导入;", "all %d rows are rejected and nothing is imported; ", result.Rejected)
	first := planner.Errorf(planner.Invalid, "首个原因(第%d行):", "the first reason (row %d): ", number)
	e.Text.ZH += first.Text.ZH + why.ZH
	e.Text.EN += first.Text.EN + why.EN
	return e
}

// executor is a connection or a transaction.
type executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// drop removes the job and its staging.
func (im *importer) drop(ctx context.Context, db executor) error {
	if _, err := db.Exec(ctx, im.fill(`DROP TABLE IF EXISTS {rows}, {remarks}, {units}, {found}, {suspects}`)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, `DELETE FROM import_job WHERE id = $1`, im.job)
	return err
}
