package cluster

import (
	"bufio"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Keep starts the server again whenever it has died, until ctx ends: the memory
// was short, or somebody killed it. PostgreSQL recovers what was committed.
func (c *Cluster) Keep(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if c.alive() || ctx.Err() != nil {
			continue
		}
		log.Error("the database server has died and is started again", "directory", c.dir)
		if err := c.start(ctx); err != nil && ctx.Err() == nil {
			log.Error("the database server does not start", "error", err)
			time.Sleep(5 * time.Second)
		}
	}
}

// alive tells whether the process of postmaster.pid is there. A server that is
// being started by somebody else writes the file at once.
func (c *Cluster) alive() bool {
	f, err := os.Open(filepath.Join(c.dir, "pg", "postmaster.pid"))
	if err != nil {
		return false
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	return err == nil && syscall.Kill(pid, 0) != syscall.ESRCH
}
