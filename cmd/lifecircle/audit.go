package main

import (
	"fmt"
	"time"

	"github.com/lifecircle/lifecircle/data/access"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
)

type auditCommand struct {
	List   auditList   `cmd:"" help:"Show rows of the audit log."`
	Export auditExport `cmd:"" help:"Write the audit log as CSV or JSON lines, hashes included."`
	Verify auditVerify `cmd:"" help:"Prove the chain, or name its first broken link (exit 1)."`
	Prune  auditPrune  `cmd:"" help:"Remove rows older than a date, at least six months ago; the pruning is recorded."`
}

type auditFilter struct {
	Actor  string    `help:"Rows of one person."`
	Action string    `help:"Rows of one action."`
	Since  time.Time `format:"2006-01-02" help:"From this day on."`
	Till   time.Time `format:"2006-01-02" help:"Before this day."`
}

func (f auditFilter) filter() rights.AuditFilter {
	return rights.AuditFilter{Actor: f.Actor, Action: f.Action, Since: f.Since, Till: f.Till}
}

type auditList struct{ auditFilter }

func (l *auditList) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		rows, err := a.Page(s.ctx, l.filter())
		if err != nil || s.json {
			return firstError(err, func() error { return s.printJSON(rows) })
		}
		for _, e := range rows {
			fmt.Fprintf(s.out, "%d %s %s %s %s %s %s\n", e.Seq, e.At.Local().Format(time.DateTime), e.Actor, e.Action, e.Object, e.Source, e.Reason)
		}
		return nil
	})
}

type auditExport struct {
	auditFilter
	Format string `enum:"csv,json" default:"csv" help:"csv or json."`
}

func (x *auditExport) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error { _, err := a.Export(s.ctx, s.out, x.Format, x.filter()); return err })
}

type auditVerify struct {
	Anchor []string `help:"SEQ:HASH that an earlier verification printed and that was kept elsewhere."`
}

func (v *auditVerify) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		var anchors []rights.Anchor
		for _, text := range v.Anchor {
			anchor, err := access.ParseAnchor(text)
			if err != nil {
				return usageError{err}
			}
			anchors = append(anchors, anchor)
		}
		found, err := a.Verify(s.ctx, anchors...)
		if err != nil {
			return err
		}
		if s.json {
			if err := s.printJSON(found); err != nil {
				return err
			}
		} else {
			fmt.Fprintf(s.out, "%d rows, pruned up to %d, anchor %s\n", found.Rows, found.Pruned, found.Anchor)
		}
		if b := found.Break; b != nil {
			return planner.Errorf(planner.Conflict, "审计链在第%d行断开:%s", "the chain breaks at row %d: %s", b.Seq, b.What)
		}
		return nil
	})
}

type auditPrune struct {
	Before time.Time `required:"" format:"2006-01-02" help:"Rows before this day go."`
	Reason string    `required:"" help:"Why."`
}

func (p *auditPrune) Run(s *session) error {
	return withAccounts(s, func(a *access.Accounts) error {
		done, err := a.Prune(s.ctx, p.Before, operator(p.Reason))
		return firstError(err, func() error { _, err := fmt.Fprintf(s.out, "%d rows removed\n", done.Rows); return err })
	})
}
