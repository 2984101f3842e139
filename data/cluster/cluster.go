// Package cluster runs a private PostgreSQL with PostGIS in a directory: made on
// first use, reached by a unix socket only, stopped with its owner.
//
// One process owns a directory at a time. Ownership is a lock on the file
// owner.lock, which the system gives back when the owner dies in whatever way,
// so an orphaned server is always told from a living owner.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/lifecircle/lifecircle/planner"
)

// Cluster is a running private server.
type Cluster struct {
	dir, bin string
	run      *syscall.Credential // the unprivileged user, nil when the caller is one
	lock     *os.File            // nil when attached to another owner's server
}

// oldest is the first major version of PostgreSQL that is supported.
const oldest = 15

// Open takes ownership of dir, makes the cluster if there is none, ends an
// orphaned server, and starts. A living owner is a Conflict.
func Open(ctx context.Context, dir string) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir}
	if c.bin, err = binaries(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, planner.Wrap(err, planner.Invalid, "无法建立数据目录%s", "cannot make the data directory %s", dir)
	}
	if err := c.own(); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		c.lock.Close()
		return nil, err
	}
	return c, nil
}

// Attach joins the server of a directory's living owner; ok is false without one.
func Attach(dir string) (c *Cluster, ok bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, false
	}
	f, err := os.OpenFile(filepath.Join(dir, "owner.lock"), os.O_RDWR, 0)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		return nil, false // nobody holds it
	}
	return &Cluster{dir: dir}, true
}

func (c *Cluster) own() error {
	f, err := os.OpenFile(filepath.Join(c.dir, "owner.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return planner.Wrap(err, planner.Invalid, "数据目录%s不可写", "the data directory %s cannot be written", c.dir)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.Name())
		f.Close()
		return planner.Errorf(planner.Conflict, "数据目录%s正由另一个 lifecircle 使用(进程%s);请先停止它,或用 --data-dir 另选目录",
			"the data directory %s is in use by another lifecircle (process %s): stop it, or choose another with --data-dir", c.dir, strings.TrimSpace(string(holder)))
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return err
	}
	c.lock = f
	return nil
}

func (c *Cluster) start(ctx context.Context) error {
	if os.Geteuid() == 0 { // PostgreSQL refuses root
		u, err := user.Lookup("postgres")
		if err != nil {
			return planner.Wrap(err, planner.Unavailable, "以root启动时需要系统用户postgres", "when started by root the system user postgres is needed")
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		c.run = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	for _, sub := range []string{"", "run"} {
		if err := os.MkdirAll(filepath.Join(c.dir, sub), 0o755); err != nil {
			return err
		}
	}
	if c.run != nil {
		for _, sub := range []string{"", "run"} {
			if err := os.Chown(filepath.Join(c.dir, sub), int(c.run.Uid), int(c.run.Gid)); err != nil {
				return err
			}
		}
	}
	pg := filepath.Join(c.dir, "pg")
	if _, err := os.Stat(filepath.Join(pg, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		// a directory that a killed initdb left half made is made anew
		if err := os.RemoveAll(pg + ".new"); err != nil {
			return err
		}
		if err := c.exec(ctx, "initdb", "-D", pg+".new", "-U", "lifecircle", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"); err != nil {
			return err
		}
		if err := os.Rename(pg+".new", pg); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(pg, "postmaster.pid")); err == nil {
		// its owner is dead, or we would not hold the lock: end it, or clear what it left
		_ = c.exec(ctx, "pg_ctl", "-D", pg, "-m", "fast", "-w", "stop")
	}
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c shared_buffers=256MB -c work_mem=32MB -c maintenance_work_mem=256MB -c max_wal_size=2GB -c jit=off", c.Socket())
	if err := c.exec(ctx, "pg_ctl", "-D", pg, "-l", filepath.Join(c.dir, "run", "postgres.log"), "-w", "-t", "60", "-o", options, "start"); err != nil {
		tail, _ := os.ReadFile(filepath.Join(c.dir, "run", "postgres.log"))
		return planner.Wrap(err, planner.Unavailable, "数据库没有启动,日志末尾:%s", "the database did not start; its log ends: %s", tail[max(0, len(tail)-600):])
	}
	return c.exec(ctx, "psql", "-h", c.Socket(), "-U", "lifecircle", "-d", "postgres", "-qAtc",
		`SELECT 'CREATE DATABASE lifecircle' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lifecircle') \gexec`)
}

// Socket is the directory of the unix socket.
func (c *Cluster) Socket() string { return filepath.Join(c.dir, "run") }

// URL is what a client connects to; database "" is the product's own.
func (c *Cluster) URL(database string) string {
	if database == "" {
		database = "lifecircle"
	}
	q := url.Values{"host": {c.Socket()}, "user": {"lifecircle"}}
	return "postgres:///" + database + "?" + q.Encode()
}

// Close stops the server, unless it belongs to another owner.
func (c *Cluster) Close(ctx context.Context) error {
	if c.lock == nil {
		return nil
	}
	defer c.lock.Close()
	return c.exec(ctx, "pg_ctl", "-D", filepath.Join(c.dir, "pg"), "-m", "fast", "-w", "-t", "30", "stop")
}

// exec runs a PostgreSQL program as the unprivileged user.
func (c *Cluster) exec(ctx context.Context, name string, args ...string) error {
	var cmd *exec.Cmd
	if i := slices.Index(args, `-qAtc`); i >= 0 { // \gexec is read from standard input only
		cmd = exec.CommandContext(ctx, filepath.Join(c.bin, name), append(args[:i:i], "-qAt")...)
		cmd.Stdin = strings.NewReader(args[i+1])
	} else {
		cmd = exec.CommandContext(ctx, filepath.Join(c.bin, name), args...)
	}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.run, Setpgid: true} // Ctrl-C is for us: the server is stopped in order
	out, err := os.CreateTemp("", "lifecircle-pg")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out // a file: a pipe would be held open by the server that pg_ctl leaves
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return planner.Wrap(err, planner.Unavailable, "%s 失败:%s", "%s failed: %s", name, strings.TrimSpace(string(said)))
	}
	return nil
}

// binaries finds the newest PostgreSQL that has PostGIS.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	best, version := "", 0
	for _, f := range found {
		v, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(f))))
		_, gis := os.Stat(fmt.Sprintf("/usr/share/postgresql/%d/extension/postgis.control", v))
		if err == nil && gis == nil && v >= oldest && v > version {
			best, version = filepath.Dir(f), v
		}
	}
	if best == "" {
		if p, err := exec.LookPath("initdb"); err == nil {
			return filepath.Dir(p), nil
		}
		return "", planner.Errorf(planner.Unavailable, "没有找到PostgreSQL %d以上及PostGIS;请运行 apt-get install postgresql-15-postgis-3,或用 --database 指定数据库",
			"PostgreSQL %d or later with PostGIS was not found: apt-get install postgresql-15-postgis-3, or name a database with --database", oldest)
	}
	return best, nil
}
