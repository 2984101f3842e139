package access

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// Log is the audit log of one database.
type Log struct {
	pool *pgxpool.Pool
	key  *Key
	Now  func() time.Time
	last atomic.Int64 // the newest row that this process has seen
	held bool         // the anchor file contradicts the log: evidence, not to be written over
}

// NewLog opens the log. A log that another key signed is refused with a
// Conflict: writing on would look like a forgery ever after. A log that is behind
// the anchor file was put back to an earlier state: that is recorded, and the
// file is left as it is, for Verify to show, until an operator removes it.
func NewLog(ctx context.Context, pool *pgxpool.Pool, key *Key) (*Log, error) {
	l := &Log{pool: pool, key: key, Now: time.Now}
	kept, err := l.kept()
	if err != nil {
		return nil, err
	}
	err = l.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, data.SQL("audit_lock")); err != nil {
			return err
		}
		h, id, err := head(ctx, tx)
		if errors.Is(err, pgx.ErrNoRows) {
			h, id, err = access.Head{}, key.id, l.setHead(ctx, tx, access.Head{}) // before the first row: an emptied log is found, too
		}
		if err == nil && !bytes.Equal(id, key.id) {
			return planner.Errorf(planner.Conflict, "审计日志由另一密钥签名:请把原来的 keys/access.key 放回数据目录(或用 --key-file 指定)", "the audit log was signed with another key: put the original keys/access.key back (or name it with --key-file)")
		}
		if err != nil || len(kept) == 0 {
			return err
		}
		l.last.Store(h.Seq)
		l.held, err = contradicts(ctx, tx, h, kept[0])
		return err
	})
	if err == nil && l.held {
		err = l.Record(ctx, access.Entry{Actor: "system", Action: "audit.rolled_back", Object: "audit", Source: "start", Reason: "the log is behind " + AnchorText(kept[0])})
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// contradicts tells whether the log lacks the anchor's row or has another one there.
func contradicts(ctx context.Context, tx pgx.Tx, h access.Head, a access.Anchor) (bool, error) {
	if a.Seq <= h.Pruned {
		return false, nil
	}
	var hash []byte
	err := tx.QueryRow(ctx, data.SQL("audit_at"), pgx.StrictNamedArgs{"seq": a.Seq}).Scan(&hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	return !bytes.Equal(hash, a.Hash[:]), err
}

// Record appends a row of its own.
func (l *Log) Record(ctx context.Context, e access.Entry) error {
	return l.Do(ctx, func(pgx.Tx) ([]access.Entry, error) { return []access.Entry{e}, nil })
}

// Do runs a change and appends what it tells, in one transaction: nothing is done
// unrecorded, and nothing recorded that was not done.
func (l *Log) Do(ctx context.Context, change func(pgx.Tx) ([]access.Entry, error)) error {
	var last access.Anchor
	err := l.inTx(ctx, func(tx pgx.Tx) error {
		entries, err := change(tx)
		if err != nil || len(entries) == 0 {
			return err
		}
		last, err = l.Append(ctx, tx, entries...)
		return err
	})
	if err != nil || last.Seq == 0 {
		return err
	}
	for seen := l.last.Load(); seen < last.Seq && !l.last.CompareAndSwap(seen, last.Seq); seen = l.last.Load() {
	}
	return l.drop(last)
}

// Append adds rows at the end of tx, the last thing before its commit: the lock
// that keeps the sequence without gaps is held until then.
func (l *Log) Append(ctx context.Context, tx pgx.Tx, entries ...access.Entry) (access.Anchor, error) {
	if _, err := tx.Exec(ctx, data.SQL("audit_lock")); err != nil {
		return access.Anchor{}, err
	}
	h, _, err := head(ctx, tx)
	if err != nil {
		return access.Anchor{}, err
	}
	if h.Seq < l.last.Load() {
		return access.Anchor{}, planner.Errorf(planner.Conflict, "审计日志在运行中被回退,请核查后重新启动", "the audit log was put back while the program ran: look into it, then start again")
	}
	for _, e := range entries {
		e.Seq, e.At = h.Seq+1, l.Now()
		e.Seal(l.key.audit, h.Hash)
		_, err := tx.Exec(ctx, data.SQL("audit_append"), pgx.StrictNamedArgs{"seq": e.Seq, "at": e.At, "actor_id": e.ActorID, "actor": e.Actor, "action": e.Action, "object": e.Object, "unit": e.Unit,
			"source": e.Source, "request_id": e.RequestID, "before": e.Before, "after": e.After, "reason": e.Reason, "previous": e.Previous[:], "hash": e.Hash[:], "mac": e.MAC[:]})
		if err != nil {
			return access.Anchor{}, err
		}
		h.Seq, h.Hash = e.Seq, e.Hash
	}
	return access.Anchor{Seq: h.Seq, Hash: h.Hash}, l.setHead(ctx, tx, h)
}

func (l *Log) setHead(ctx context.Context, tx pgx.Tx, h access.Head) error {
	h.Seal(l.key.audit)
	_, err := tx.Exec(ctx, data.SQL("audit_set_head"), pgx.StrictNamedArgs{"pruned": h.Pruned, "pruned_hash": h.PrunedHash[:], "seq": h.Seq, "hash": h.Hash[:], "mac": h.MAC[:], "key_id": l.key.id})
	return err
}

func head(ctx context.Context, q querier) (h access.Head, key []byte, err error) {
	var pruned, hash, mac []byte
	err = q.QueryRow(ctx, data.SQL("audit_head")).Scan(&h.Pruned, &pruned, &h.Seq, &hash, &mac, &key)
	if err == nil {
		h.PrunedHash, h.Hash, h.MAC = [32]byte(pruned), [32]byte(hash), [32]byte(mac)
	}
	return h, key, err
}

// drop keeps the last row's number and hash in a file beside the key, where the
// database does not reach: a whole log put back to an earlier state is found by it.
func (l *Log) drop(a access.Anchor) error {
	if l.held {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(l.key.anchor), ".anchor")
	if err != nil {
		return planner.Wrap(err, planner.Internal, "无法写入审计锚点", "cannot write the audit anchor")
	}
	defer os.Remove(tmp.Name())
	_, err = fmt.Fprintf(tmp, "%s\n", AnchorText(a))
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if kept, err := l.kept(); err == nil && len(kept) > 0 && kept[0].Seq > a.Seq {
		return nil // another request of ours was later
	}
	return os.Rename(tmp.Name(), l.key.anchor)
}

// kept reads the anchor file; no file is no anchor.
func (l *Log) kept() ([]access.Anchor, error) {
	text, err := os.ReadFile(l.key.anchor)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	a, err := ParseAnchor(string(bytes.TrimSpace(text)))
	return []access.Anchor{a}, err
}

// AnchorText is an anchor as people keep it: SEQ:HEX.
func AnchorText(a access.Anchor) string { return fmt.Sprintf("%d:%x", a.Seq, a.Hash) }

// ParseAnchor reads what AnchorText wrote; Invalid for anything else.
func ParseAnchor(s string) (a access.Anchor, err error) {
	var hash []byte
	if n, err := fmt.Sscanf(s, "%d:%x", &a.Seq, &hash); n != 2 || err != nil || len(hash) != 32 || AnchorText(access.Anchor{Seq: a.Seq, Hash: [32]byte(hash)}) != s {
		return a, planner.Errorf(planner.Invalid, "锚点「%s」应为 序号:64位十六进制", "anchor %q must be SEQ:64 hexadecimal digits", s)
	}
	a.Hash = [32]byte(hash)
	return a, nil
}

// Check is Verify against the file beside the key alone.
func (l *Log) Check(ctx context.Context) (access.Verification, error) { return l.Verify(ctx) }

// Verify walks the whole chain in one snapshot. The file beside the key and
// anchors are held against it.
func (l *Log) Verify(ctx context.Context, anchors ...access.Anchor) (v access.Verification, err error) {
	tx, err := l.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return v, unavailable(err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	// The file first: a row that is added meanwhile may be ahead of it, never behind.
	kept, err := l.kept()
	if err != nil {
		return v, planner.Wrap(err, planner.Invalid, "审计锚点文件%s已损坏", "the audit anchor file %s is damaged", l.key.anchor)
	}
	h, _, err := head(ctx, tx)
	if errors.Is(err, pgx.ErrNoRows) {
		v.Break = &access.Break{What: access.BadHead}
		return v, nil
	} else if err != nil {
		return v, unavailable(err)
	}
	chain := access.NewChain(l.key.audit, h, append(kept, anchors...)...)
	err = each(ctx, tx, Filter{}, 0, func(e *access.Entry) error {
		if v.Break = chain.Next(e); v.Break != nil {
			return errStop
		}
		return nil
	})
	if v.Rows, v.Pruned, v.Anchor = chain.Rows, h.Pruned, AnchorText(access.Anchor{Seq: h.Seq, Hash: h.Hash}); err == nil {
		v.Break = chain.End()
	} else if errors.Is(err, errStop) {
		err = nil
	}
	return v, err
}

// keepMonths is the least time that rows are kept (网络安全法 art. 21).
const keepMonths = 6

// Prune removes the rows before till, at the latest six months ago, and records
// that. Conflict for a later time.
func (l *Log) Prune(ctx context.Context, till time.Time, e access.Entry) (p access.Pruning, err error) {
	if till.After(l.Now().AddDate(0, -keepMonths, 0)) {
		return p, planner.Errorf(planner.Conflict, "审计日志至少保留%d个月", "audit rows are kept at least %d months", keepMonths)
	}
	err = l.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		if _, err := tx.Exec(ctx, data.SQL("audit_lock")); err != nil {
			return nil, err
		}
		h, _, err := head(ctx, tx)
		if err != nil {
			return nil, err
		}
		var keep int64
		err = tx.QueryRow(ctx, data.SQL("audit_first_kept"), pgx.StrictNamedArgs{"till": till}).Scan(&keep)
		if errors.Is(err, pgx.ErrNoRows) {
			keep = h.Seq + 1
		} else if err != nil {
			return nil, err
		}
		p = access.Pruning{From: h.Pruned + 1, To: keep - 1, Till: till.UTC()}
		if p.To < p.From {
			return nil, nil
		}
		var hash []byte
		if err := tx.QueryRow(ctx, data.SQL("audit_at"), pgx.StrictNamedArgs{"seq": p.To}).Scan(&hash); err != nil {
			return nil, err
		}
		if err := tx.QueryRow(ctx, data.SQL("audit_cut"), pgx.StrictNamedArgs{"upto": p.To}).Scan(&p.Rows); err != nil {
			return nil, err
		}
		h.Pruned, h.PrunedHash, p.Hash = p.To, [32]byte(hash), hex.EncodeToString(hash)
		if err := l.setHead(ctx, tx, h); err != nil {
			return nil, err
		}
		e.Action, e.Object = string(access.PruneAudit), "audit"
		e.After, err = json.Marshal(p)
		return []access.Entry{e}, err
	})
	return p, err
}

func (l *Log) inTx(ctx context.Context, do func(pgx.Tx) error) error {
	return unavailable(pgx.BeginFunc(ctx, l.pool, do))
}

// unavailable tells trouble with the database from an answer of it. Errors with a kind keep it.
func unavailable(err error) error {
	known, answer := (*planner.Error)(nil), (*pgconn.PgError)(nil)
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.As(err, &known):
		return err
	case errors.As(err, &answer) && answer.Code[:2] != "57" && answer.Code[:2] != "53":
		return planner.Wrap(err, planner.Internal, "数据库操作失败", "a database operation failed")
	}
	return planner.Wrap(err, planner.Unavailable, "数据库暂时不可用,请稍后再试", "the database is not available, try again later")
}
