package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
)

// chunkSize is the size of the pieces that a graph file is kept in.
const chunkSize = 4 << 20

// SaveNetwork keeps a network and makes it the one of a new data version, all in
// one transaction. The same network again changes nothing: version 0.
func (s *Store) SaveNetwork(ctx context.Context, source string, files []string, n *osmroad.Network, demo bool) (version int64, err error) {
	var body bytes.Buffer
	if _, err := n.Graph.WriteTo(&body); err != nil {
		return 0, err
	}
	digest := n.Graph.Digest()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := claim(ctx, tx, demo); err != nil {
			return err
		}
		var now string
		err := tx.QueryRow(ctx, data.SQL("network_now"), pgx.StrictNamedArgs{"source": source}).Scan(&now)
		if err == nil && now == digest {
			return nil
		} else if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		tag, err := tx.Exec(ctx, data.SQL("create_network"), pgx.StrictNamedArgs{"digest": digest, "file": strings.Join(names(files), ", "), "source_digest": n.SourceDigest,
			"nodes": n.Graph.NumNodes(), "arcs": n.Graph.NumArcs(), "bytes": body.Len(), "x1": n.Bound.Min[0], "y1": n.Bound.Min[1], "x2": n.Bound.Max[0], "y2": n.Bound.Max[1]})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 { // otherwise an earlier version had it
			if err := copyNetwork(ctx, tx, digest, body.Bytes(), n); err != nil {
				return err
			}
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

func copyNetwork(ctx context.Context, tx pgx.Tx, digest string, body []byte, n *osmroad.Network) error {
	if err := copyChunks(ctx, tx, digest, body); err != nil {
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

func copyChunks(ctx context.Context, tx pgx.Tx, digest string, body []byte) error {
	var chunks [][]any
	for i := 0; i*chunkSize < len(body); i++ {
		chunks = append(chunks, []any{digest, i, body[i*chunkSize : min((i+1)*chunkSize, len(body))]})
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"network_chunk"}, []string{"digest", "seq", "bytes"}, pgx.CopyFromRows(chunks))
	return err
}

// Graph opens the street graph of a digest; NotFound without it.
func (s *Store) Graph(ctx context.Context, digest string) (*graph.Graph, error) {
	rows, err := s.pool.Query(ctx, data.SQL("network_chunks"), pgx.StrictNamedArgs{"digest": digest})
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	chunks := &chunkReader{rows: rows}
	g, err := graph.Read(chunks)
	if rows.Err() != nil {
		return nil, unavailable(rows.Err())
	}
	if err != nil && chunks.empty {
		return nil, planner.Errorf(planner.NotFound, "没有路网%s", "there is no network %s", digest)
	}
	return g, err
}

// chunkReader reads a graph file out of its rows.
type chunkReader struct {
	rows  pgx.Rows
	left  []byte
	last  int  // size of the last row
	empty bool // no row was there
}

func (c *chunkReader) Read(p []byte) (int, error) {
	for len(c.left) == 0 {
		if !c.rows.Next() {
			if err := c.rows.Err(); err != nil {
				return 0, err
			}
			c.empty = c.last == 0
			return 0, io.EOF
		}
		var chunk []byte
		if err := c.rows.Scan(&chunk); err != nil {
			return 0, err
		}
		c.left = chunk
		c.last = len(chunk)
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}
