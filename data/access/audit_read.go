package access

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Filter says which rows are wanted.
type Filter = access.AuditFilter

// querier is a pool or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// errStop ends a walk early.
var errStop = errors.New("stop")

// Page reads rows in order.
func (l *Log) Page(ctx context.Context, f Filter) (page []access.Entry, err error) {
	err = each(ctx, l.pool, f, f.Limit, func(e *access.Entry) error { page = append(page, *e); return nil })
	return page, err
}

// each walks rows in order; limit 0 is all.
func each(ctx context.Context, q querier, f Filter, limit int64, visit func(*access.Entry) error) error {
	since, till := bound(f.Since, pgtype.NegativeInfinity), bound(f.Till, pgtype.Infinity)
	rows, err := q.Query(ctx, data.SQL("audit_rows"), pgx.StrictNamedArgs{"after": f.After, "actor": f.Actor, "action": f.Action, "prefix": f.Prefix, "since": since, "till": till,
		"limit": pgtype.Int8{Int64: limit, Valid: limit > 0}})
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		var e access.Entry
		var previous, hash, mac []byte
		if err := rows.Scan(&e.Seq, &e.At, &e.ActorID, &e.Actor, &e.Action, &e.Object, &e.Unit, &e.Source, &e.RequestID, &e.Before, &e.After, &e.Reason, &previous, &hash, &mac); err != nil {
			return unavailable(err)
		}
		e.At, e.Previous, e.Hash, e.MAC = e.At.UTC(), [32]byte(previous), [32]byte(hash), [32]byte(mac)
		if err := visit(&e); err != nil {
			return err
		}
	}
	return unavailable(rows.Err())
}

func bound(t time.Time, open pgtype.InfinityModifier) pgtype.Timestamptz {
	if t.IsZero() {
		return pgtype.Timestamptz{InfinityModifier: open, Valid: true}
	}
	return pgtype.Timestamptz{Time: t, Valid: true}
}

// Export writes rows as "csv" (with a byte order mark, for Excel) or "json" (one
// object a line), hashes included so that the chain can be recomputed elsewhere.
func (l *Log) Export(ctx context.Context, w io.Writer, format string, f Filter) (rows int64, err error) {
	write, flush, err := writer(w, format)
	if err != nil {
		return 0, err
	}
	err = each(ctx, l.pool, f, 0, func(e *access.Entry) error { rows++; return write(e) })
	return rows, errors.Join(err, flush())
}

func writer(w io.Writer, format string) (write func(*access.Entry) error, flush func() error, err error) {
	switch format {
	case "json":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return func(e *access.Entry) error { return enc.Encode(e) }, func() error { return nil }, nil
	case "csv":
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return nil, nil, err
		}
		c := csv.NewWriter(w)
		_ = c.Write([]string{"seq", "at", "actor_id", "actor", "action", "object", "unit", "source", "request_id", "before", "after", "reason", "previous", "hash", "mac"}) // errors stay with the writer
		return func(e *access.Entry) error {
			return c.Write([]string{strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339Nano), strconv.FormatInt(e.ActorID, 10), plain(e.Actor), e.Action, plain(e.Object), e.Unit, e.Source, plain(e.RequestID),
				string(e.Before), string(e.After), plain(e.Reason), hex.EncodeToString(e.Previous[:]), hex.EncodeToString(e.Hash[:]), hex.EncodeToString(e.MAC[:])})
		}, func() error { c.Flush(); return c.Error() }, nil
	}
	return nil, nil, planner.Errorf(planner.Invalid, "格式「%s」不支持,可用 csv 或 json", "format %q is not known: csv or json", format)
}

// plain keeps a spreadsheet from taking a typed text as a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
