package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
)

// SaveNetwork keeps a network and makes it the one of a new data version, all in
// one transaction. The same network again changes nothing: version 0; but if what was stored is damaged, it is mended.
func (s *Store) SaveNetwork(ctx context.Context, source string, files []string, n *osmroad.Network, demo bool) (version int64, err error) {
	digest := n.Graph.Digest()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := claim(ctx, tx, demo); err != nil {
			return err
		}
		var now string
		err := tx.QueryRow(ctx, data.SQL("network_now"), pgx.StrictNamedArgs{"source": source}).Scan(&now)
		if err == nil && now == digest {
			return mendNetwork(ctx, tx, n.Graph)
		} else if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		tag, err := tx.Exec(ctx, data.SQL("create_network"), pgx.StrictNamedArgs{"digest": digest, "file": strings.Join(names(files), ", "), "source_digest": n.SourceDigest,
			"nodes": n.Graph.NumNodes(), "arcs": n.Graph.NumArcs(), "bytes": n.Graph.Bytes(), "x1": n.Bound.Min[0], "y1": n.Bound.Min[1], "x2": n.Bound.Max[0], "y2": n.Bound.Max[1]})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 { // otherwise an earlier version had it
			err = copyNetwork(ctx, tx, digest, n)
		} else {
			err = mendNetwork(ctx, tx, n.Graph)
		}
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, data.SQL("new_version"), pgx.StrictNamedArgs{"kind": "network", "source": source, "files": names(files), "crs": "EPSG:4326",
			"demo": demo, "added": len(n.Roads), "changed": 0}).Scan(&version)
		if err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"source": source, "version": version}
		if _, err := tx.Exec(ctx, data.SQL("close_network"), args); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, data.SQL("open_network"), pgx.StrictNamedArgs{"source": source, "version": version, "digest": digest})
		return err
	})
	return version, unavailable(err)
}

// claim is what every import does before it makes a data version: versions are
// made one after another (a later one must not be seen before an earlier one is
// whole), and demo and real data never meet. Conflict otherwise.
func claim(ctx context.Context, tx pgx.Tx, demo bool) error {
	var free, mixed bool
	if err := tx.QueryRow(ctx, data.SQL("claim_import"), pgx.StrictNamedArgs{"lock": data.ImportLock, "demo": demo}).Scan(&free, &mixed); err != nil {
		return err
	}
	switch {
	case !free:
		return planner.Errorf(planner.Conflict, "另一个导入正在进行,请等它结束", "another import is running: wait until it ends")
	case mixed && demo:
		return planner.Errorf(planner.Conflict, "库中已有真实资料,不能载入演示资料", "the database holds real data: demo data may not join them")
	case mixed:
		return planner.Errorf(planner.Conflict, "库中是演示资料,不能与真实资料混放;请用另一个 --data-dir 或数据库", "the database holds demo data: load real data into another --data-dir or database")
	}
	return nil
}

func copyNetwork(ctx context.Context, tx pgx.Tx, digest string, n *osmroad.Network) error {
	if err := copyGraph(ctx, tx, n.Graph); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"road"}, []string{"digest", "class", "name", "bridge", "geom"}, pgx.CopyFromSlice(len(n.Roads), func(i int) ([]any, error) {
		r := n.Roads[i]
		return []any{digest, r.Class, null(r.Name), r.Bridge, wkb(r.Line)}, nil
	}))
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"water"}, []string{"digest", "kind", "name", "geom"}, pgx.CopyFromSlice(len(n.Water), func(i int) ([]any, error) {
		w := n.Water[i]
		return []any{digest, w.Kind, null(w.Name), wkb(w.Geometry)}, nil
	}))
	return err
}

// WaterBetween names a river or lake that the straight line between two points meets; "" when it has no name.
func (s *Store) WaterBetween(ctx context.Context, digest string, from, to orb.Point) (name string, err error) {
	err = s.pool.QueryRow(ctx, data.SQL("water_between"), pgx.StrictNamedArgs{"digest": digest, "x1": from[0], "y1": from[1], "x2": to[0], "y2": to[1]}).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return name, unavailable(err)
}
