package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/planner"
)

// chunkSize is the size of the pieces that a graph file is kept in.
const chunkSize = 4 << 20

// graphSuffix ends the names of graph files, which begin with the graph's digest.
const graphSuffix = ".graph"

// unusedGraphs are removed from the directory when nobody has opened them for so long.
const unusedGraphs = 30 * 24 * time.Hour

// graphs keeps graph files by digest in a directory of this machine, so that the database is asked once for each
// network, and mapped memory is shared by all processes; and the graph that was opened last.
type graphs struct {
	sync.Mutex
	dir    string // "" keeps none
	digest string
	graph  *graph.Graph
}

// KeepGraphs makes the store keep graph files in dir, which is made when needed. Any number of processes may use it.
func (s *Store) KeepGraphs(dir string) { s.graphs.dir = dir }

// Graph opens the street graph of a digest; NotFound without it. What is damaged in the directory is fetched again; what
// is damaged in the database is an error that tells what to do.
func (s *Store) Graph(ctx context.Context, digest string) (*graph.Graph, error) {
	s.graphs.Lock()
	defer s.graphs.Unlock()
	if s.graphs.digest == digest {
		return s.graphs.graph, nil
	}
	g, err := s.openGraph(ctx, digest)
	if err == nil {
		s.graphs.digest, s.graphs.graph = digest, g
	}
	return g, err
}

func (s *Store) openGraph(ctx context.Context, digest string) (*graph.Graph, error) {
	if s.graphs.dir == "" {
		return s.fetchGraph(ctx, digest, func(r io.Reader) (*graph.Graph, error) { return graph.Read(r) })
	}
	path := filepath.Join(s.graphs.dir, digest+graphSuffix)
	g, err := graph.Open(path)
	if err == nil && g.Digest() == digest {
		now := time.Now()
		_ = os.Chtimes(path, now, now) // another user's file: it is only removed the sooner
		return g, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.WarnContext(ctx, "a graph file is fetched again", "file", path, "error", err)
	}
	if err := os.MkdirAll(s.graphs.dir, 0o755); err != nil {
		slog.WarnContext(ctx, "graph files cannot be kept: networks are read from the database each time", "error", err)
		return s.fetchGraph(ctx, digest, func(r io.Reader) (*graph.Graph, error) { return graph.Read(r) })
	}
	s.graphs.tidy()
	return s.fetchGraph(ctx, digest, func(r io.Reader) (*graph.Graph, error) {
		g, err := graph.Keep(path, r)
		if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) { // a full disk, a directory of another user
			return nil, planner.Wrap(err, planner.Unavailable, "无法把路网写入%s,请检查磁盘空间和权限", "the network cannot be written to %s: check space and rights", s.graphs.dir)
		}
		return g, err
	})
}

// tidy removes files that nobody has opened for long, and what was left half written.
func (g *graphs) tidy() {
	entries, _ := os.ReadDir(g.dir) // what cannot be read now is tidied another time
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && time.Since(info.ModTime()) > unusedGraphs && (strings.HasSuffix(e.Name(), graphSuffix) || strings.HasSuffix(e.Name(), ".part")) {
			_ = os.Remove(filepath.Join(g.dir, e.Name()))
		}
	}
}

// fetchGraph reads the graph of a digest out of the database.
func (s *Store) fetchGraph(ctx context.Context, digest string, read func(io.Reader) (*graph.Graph, error)) (*graph.Graph, error) {
	rows, err := s.pool.Query(ctx, data.SQL("network_chunks"), pgx.StrictNamedArgs{"digest": digest})
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	chunks := &chunkReader{rows: rows}
	g, err := read(chunks)
	if rows.Err() != nil {
		return nil, unavailable(rows.Err())
	}
	if err != nil && chunks.empty {
		return nil, planner.Errorf(planner.NotFound, "没有路网%s", "there is no network %s", digest)
	}
	if err == nil && g.Digest() != digest {
		err = &graph.FileError{ZH: "库中的路网与其名称不符", EN: "the network in the database is not the one of its name"}
	}
	if wrong := (*graph.FileError)(nil); errors.As(err, &wrong) {
		return nil, planner.Errorf(planner.Conflict, "库中的路网不能使用:%[1]s;请重新导入:lifecircle import network 文件", "the network in the database cannot be used: %[2]s; import it again: lifecircle import network FILE", wrong.ZH, wrong.EN)
	}
	return g, err
}

// StoredNetwork is a network of the database.
type StoredNetwork struct {
	Digest, File string // File is the name of what was imported
	InUse        bool
}

// Networks lists all networks, the oldest first.
func (s *Store) Networks(ctx context.Context) ([]StoredNetwork, error) {
	rows, err := s.pool.Query(ctx, data.SQL("networks"))
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[StoredNetwork])
	return all, unavailable(err)
}

// ProveNetwork checks every byte of a network in the database; see graph.Prove.
func (s *Store) ProveNetwork(ctx context.Context, digest string) ([]graph.Section, error) {
	rows, err := s.pool.Query(ctx, data.SQL("network_chunks"), pgx.StrictNamedArgs{"digest": digest})
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	sections, err := graph.Prove(&chunkReader{rows: rows})
	if rows.Err() != nil {
		return nil, unavailable(rows.Err())
	}
	return sections, err
}

// graphPieces calls each with the graph's file, piece by piece.
func graphPieces(g *graph.Graph) (next func() ([]byte, error), stop func()) {
	r, w := io.Pipe()
	go func() {
		_, err := g.WriteTo(w)
		w.CloseWithError(err)
	}()
	return func() ([]byte, error) {
		piece := make([]byte, chunkSize)
		n, err := io.ReadFull(r, piece)
		if n > 0 && errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil
		}
		return piece[:n], err
	}, func() { r.Close() }
}

// copyGraph stores a graph's file.
func copyGraph(ctx context.Context, tx pgx.Tx, g *graph.Graph) error {
	digest, seq := g.Digest(), -1
	next, stop := graphPieces(g)
	defer stop()
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"network_chunk"}, []string{"digest", "seq", "bytes"}, pgx.CopyFromFunc(func() ([]any, error) {
		piece, err := next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		seq++
		return []any{digest, seq, piece}, err
	}))
	return err
}

// mendNetwork stores a graph's file anew when what the database has of it is not the same.
func mendNetwork(ctx context.Context, tx pgx.Tx, g *graph.Graph) error {
	rows, err := tx.Query(ctx, data.SQL("network_sums"), pgx.StrictNamedArgs{"digest": g.Digest()})
	if err != nil {
		return err
	}
	stored, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	next, stop := graphPieces(g)
	defer stop()
	for i := 0; ; i++ {
		piece, err := next()
		if errors.Is(err, io.EOF) && i == len(stored) {
			return nil
		} else if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if sum := sha256.Sum256(piece); err != nil || i >= len(stored) || !bytes.Equal(stored[i], sum[:]) {
			break
		}
	}
	slog.WarnContext(ctx, "the network in the database was damaged and is mended", "digest", g.Digest())
	if _, err := tx.Exec(ctx, data.SQL("drop_chunks"), pgx.StrictNamedArgs{"digest": g.Digest()}); err != nil {
		return err
	}
	return copyGraph(ctx, tx, g)
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
