package siting

import (
	"context"
	"time"
)

// budget ends a search: by effort (the same on every machine), by the caller,
// or by the clock.
type budget struct {
	ctx      context.Context
	left     int64
	deadline time.Time
	unlooked int64 // effort since the clock was last read
	cut      bool
}

func newBudget(ctx context.Context, o Options) *budget {
	b := &budget{ctx: ctx, left: o.Effort}
	if b.left <= 0 {
		b.left = DefaultEffort
	}
	if o.TimeLimit > 0 {
		b.deadline = time.Now().Add(o.TimeLimit)
	}
	return b
}

// spend counts n list entries read; false means stop.
func (b *budget) spend(n int) bool {
	b.left -= int64(n)
	if b.unlooked += int64(n) + 100; b.unlooked > 1<<18 {
		b.unlooked = 0
		if b.ctx.Err() != nil || !b.deadline.IsZero() && time.Now().After(b.deadline) {
			b.cut = true
		}
	}
	return !b.cut && b.left > 0
}

// share is a budget of one part's effort, which the whole pays.
func (b *budget) share(part float64, do func(*budget)) {
	own := *b
	own.left = int64(float64(b.left) * part)
	start := own.left
	do(&own)
	b.left -= start - own.left
	b.unlooked, b.cut = own.unlooked, own.cut
}
