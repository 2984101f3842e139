// Package datatest gives tests a real PostGIS: one private cluster for a test
// program, a fresh database for each test, cloned from a migrated template.
package datatest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/cluster"
)

var (
	server *cluster.Cluster
	serial atomic.Int64
)

// Main starts the cluster, runs the tests and stops it: call it from TestMain
// and exit with what it returns. Without PostGIS the tests fail; they never skip.
func Main(m *testing.M) int {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "lifecircle-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // the server's own user must get in
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if server, err = cluster.Open(ctx, filepath.Join(dir, "data")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Close(ctx)
	if err := template(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// template migrates the product's database once; Open clones it.
func template(ctx context.Context) error {
	pool, err := data.Open(ctx, server.URL(""))
	if err != nil {
		return err
	}
	defer pool.Close()
	return data.Migrate(ctx, pool)
}

// Open gives a fresh, migrated, empty database, dropped when the test ends.
func Open(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	pool, err := data.Open(tb.Context(), URL(tb))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(pool.Close)
	return pool
}

// URL gives the address of a fresh, migrated, empty database.
func URL(tb testing.TB) string {
	tb.Helper()
	if server == nil {
		tb.Fatal("TestMain must run datatest.Main")
	}
	name := fmt.Sprintf("test_%d", serial.Add(1))
	conn, err := pgx.Connect(tb.Context(), server.URL("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(tb.Context())
	if _, err := conn.Exec(tb.Context(), "CREATE DATABASE "+name+" TEMPLATE lifecircle STRATEGY file_copy"); err != nil {
		tb.Fatal(err)
	}
	return server.URL(name)
}
