package ingest

import (
	"context"
	"fmt"
	"hash/maphash"

	"github.com/jackc/pgx/v5"
)

// maxSuspects bounds the memory for rows that may be the second of their kind; with more,
// PostgreSQL looks through all rows.
const maxSuspects = 200_000

// filter is a Bloom filter of 2²⁸ bits with two hashes: what it has not seen is new, and of ten million
// rows about one in five hundred is taken for seen and looked at again.
type filter []uint64

const filterBits = 28

// again notes a hash and tells whether it may have been there before.
func (f filter) again(h uint64) bool {
	const mask = 1<<filterBits - 1
	a, b := h&mask, h>>(64-filterBits)
	seen := (f[a>>6]>>(a&63))&(f[b>>6]>>(b&63))&1 == 1
	f[a>>6] |= 1 << (a & 63)
	f[b>>6] |= 1 << (b & 63)
	return seen
}

// twins collects, while rows are read, those whose key or spelling may be there twice, so that
// the checks for duplicates read few rows again. Its memory does not grow with the files.
type twins struct {
	keys, spellings filter
	suspects        [][]any // key and spelling, one of them NULL
	whole           bool    // too many, or an earlier process staged rows: look through all of them
	seed            maphash.Seed
}

func newTwins(resumed bool) *twins {
	return &twins{keys: make(filter, 1<<(filterBits-6)), spellings: make(filter, 1<<(filterBits-6)), whole: resumed, seed: maphash.MakeSeed()}
}

func (t *twins) note(r record) {
	if t.whole {
		return
	}
	if r.key != "" && t.keys.again(maphash.String(t.seed, r.key)) {
		t.suspects = append(t.suspects, []any{r.key, nil})
	}
	if len(r.hints) > 0 {
		if alike, ok := r.hints[0].(*int64); ok && alike != nil && t.spellings.again(uint64(*alike)*0x9e3779b97f4a7c15) {
			t.suspects = append(t.suspects, []any{nil, *alike})
		}
	}
	if len(t.suspects) > maxSuspects {
		t.whole, t.suspects = true, nil
	}
}

// lookForTwins makes the two checks for duplicates.
func (im *importer) lookForTwins(ctx context.Context) error {
	keys, spellings := `SELECT key FROM {rows} GROUP BY 1 HAVING count(*) > 1`, `SELECT alike FROM {rows} WHERE alike IS NOT NULL GROUP BY 1 HAVING count(*) > 1`
	if !im.twins.whole {
		if _, err := im.conn.Exec(ctx, im.fill(`DROP TABLE IF EXISTS {suspects}; CREATE UNLOGGED TABLE {suspects} (key text COLLATE "C", alike bigint)`)); err != nil {
			return err
		}
		if _, err := im.conn.CopyFrom(ctx, pgx.Identifier{"staging", fmt.Sprintf("suspects_%d", im.job)}, []string{"key", "alike"}, pgx.CopyFromRows(im.twins.suspects)); err != nil {
			return err
		}
		if _, err := im.conn.Exec(ctx, im.fill(`ANALYZE {suspects}`)); err != nil {
			return err
		}
		keys, spellings = `SELECT DISTINCT key FROM {suspects} WHERE key IS NOT NULL`, `SELECT DISTINCT alike FROM {suspects} WHERE alike IS NOT NULL`
	}
	if im.kind.keyless {
		keys = `SELECT key FROM {rows} GROUP BY 1 HAVING count(*) > 1` // keys that were given since
	}
	if err := im.look(ctx, "duplicate_ids", `WITH twice AS (`+keys+`)`+findDuplicates, ""); err != nil || !im.kind.has("alike") {
		return err
	}
	return im.look(ctx, "near_duplicates", `WITH twice AS (`+spellings+`)`+findAlike, "")
}
