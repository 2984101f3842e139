// Package data is everything that knows PostgreSQL: schema, statements, and the
// loaders, readers and exporters in its subpackages. SQL lives in queries/*.sql,
// one named statement each.
package data

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/lifecircle/lifecircle/planner"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Advisory locks of a database.
const (
	ImportLock = 0x1fecc1 // the one import that may run
	RunLock    = 0x1fec12 // with the number of a run: the process that computes it is alive
)

// Open connects to url and checks that the server is one that we support:
// PostgreSQL 15 or later with PostGIS 3.3 or later to be had.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "数据库地址有误:%s", "the database URL is wrong: %s", redact(err))
	}
	config.ConnConfig.RuntimeParams["application_name"] = "lifecircle"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	var version, gis string
	err = pool.QueryRow(ctx, `SELECT current_setting('server_version_num'), coalesce((SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'), '')`).Scan(&version, &gis)
	if err != nil {
		pool.Close()
		return nil, planner.Wrap(err, planner.Unavailable, "无法连接数据库,请检查地址、账号和服务是否运行", "cannot connect to the database: check the address, the account and that the server runs")
	}
	if n, _ := strconv.Atoi(version); n < 150000 {
		pool.Close()
		return nil, planner.Errorf(planner.Unavailable, "需要PostgreSQL 15以上,此服务器为%s", "PostgreSQL 15 or later is needed; this server is %s", version)
	}
	var major, minor int
	if _, err := fmt.Sscanf(gis, "%d.%d", &major, &minor); err != nil || major*100+minor < 303 {
		pool.Close()
		return nil, planner.Errorf(planner.Unavailable, "需要PostGIS 3.3以上,此服务器为「%s」;请安装 postgresql-15-postgis-3", "PostGIS 3.3 or later is needed; this server has %q: install postgresql-15-postgis-3", gis)
	}
	return pool, nil
}

// Migrate brings the schema up to date. A schema newer than this program is refused.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, sub)
	if err != nil {
		return err
	}
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return planner.Wrap(err, planner.Unavailable, "无法读取数据库版本", "cannot read the schema version")
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; current > newest {
		return planner.Errorf(planner.Conflict, "数据库结构版本%d比本程序(%d)新,请使用较新的程序", "the schema is at version %d, newer than this program's %d: use a newer program", current, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return planner.Wrap(err, planner.Internal, "升级数据库结构失败", "upgrading the schema failed")
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// redact keeps a password out of a message about its URL.
func redact(err error) string {
	if parse := (*pgconn.ParseConfigError)(nil); errors.As(err, &parse) {
		return "parse error"
	}
	return err.Error()
}
