package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// Bounds of a read with a filter, which anybody may write: matches are counted
// up to the first, and both statements together end after the second.
const (
	countedMatches = 10_000
	filterTime     = 15 * time.Second
)

// count gives the number of matches, Uncounted when there are more than are
// counted. That of a whole layer is kept: see Extent.
func (s *Store) count(ctx context.Context, db querier, q layer.Query, where string, args pgx.StrictNamedArgs, n *int64) error {
	err := db.QueryRow(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM (%s) t WHERE %s LIMIT %d) counted", s.source(q.Collection), where, countedMatches+1), pgx.QueryExecModeDescribeExec, args).Scan(n)
	if *n > countedMatches {
		*n = layer.Uncounted
	}
	return err
}

// filtered reads within the bounds of a filter, and tells a filter that cannot
// be evaluated on these data from a mistake of ours.
func filtered(ctx context.Context, q layer.Query, read func(context.Context) error) error {
	if !q.Bounded() && q.CRS.Geographic() {
		return read(ctx)
	}
	bounded, cancel := context.WithTimeout(ctx, filterTime)
	defer cancel()
	err := read(bounded)
	var answer *pgconn.PgError
	switch {
	case err != nil && bounded.Err() != nil && ctx.Err() == nil:
		return planner.Wrap(err, planner.Invalid, "过滤条件计算超过%d秒,请缩小范围", "the filter takes more than %d seconds: ask for less", int(filterTime.Seconds()))
	case !errors.As(err, &answer):
		return err
	case answer.Code[:2] == "22" || answer.Code == "XX000" || answer.Code == "54001" || answer.Code == "54000": // a value out of range, GEOS or PROJ, too complex
		return planner.Wrap(err, planner.Invalid, "过滤条件或坐标系无法用于这些数据(数值溢出、几何无效或超出坐标系范围)", "the filter cannot be evaluated on these data: a number overflows, a geometry is not valid, or lies outside of the reference system")
	}
	return err
}
