package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// lastDelivery is what was last taken of a kind from a source, unless something that a
// delivery is checked against or merged with came after it.
const lastDelivery = `SELECT delivery, report FROM data_version v WHERE kind = $1 AND source = $2 AND id = (SELECT max(id) FROM data_version WHERE kind = $1 AND source = $2)
	AND NOT EXISTS (SELECT FROM data_version u WHERE u.id > v.id AND u.kind IN ('units', 'changes')) AND delivery = $3`

// sameDelivery tells whether these very files, asked for in the same way, were the last delivery:
// nothing can have changed then. A list of rejects that is wanted and not there is made again.
func (im *importer) sameDelivery(ctx context.Context) (Result, bool, error) {
	began := time.Now()
	var delivery string
	var report []byte
	err := im.conn.QueryRow(ctx, lastDelivery, im.kind.name, im.o.Source, im.digest).Scan(&delivery, &report)
	if errors.Is(err, pgx.ErrNoRows) {
		return Result{}, false, nil
	} else if err != nil {
		return Result{}, false, err
	}
	var was Result
	if err := json.Unmarshal(report, &was); err != nil {
		return Result{}, false, err
	}
	if was.Rejected+was.Noted > 0 && im.o.Rejects != "" {
		if _, err := os.Stat(im.o.Rejects); was.Rejects != im.o.Rejects || err != nil {
			return Result{}, false, nil
		}
	}
	was.Added, was.Changed, was.Removed, was.DryRun, was.Same = 0, 0, 0, im.o.DryRun, true
	was.Checks = append(im.checks, Check{Name: "same_delivery", Seconds: time.Since(began).Seconds()})
	err = im.conn.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM data_version`).Scan(&was.Version)
	return was, true, err
}
