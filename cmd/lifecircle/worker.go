package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/lifecircle/lifecircle/data/jobs"
)

type workerCommand struct{}

// Run works through queued runs until it is told to stop.
func (w *workerCommand) Run(s *session) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	queue, err := jobs.New(db.Pool, db.store(), s.log())
	if err != nil {
		return err
	}
	stop, err := work(s, queue, false)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, "ready to work")
	<-s.ctx.Done()
	stop()
	return nil
}

// work starts a queue's workers; stop gives back what they are at to the queue.
func work(s *session, queue *jobs.Queue, alone bool) (stop func(), err error) {
	end, err := queue.Work(s.ctx, alone)
	if err != nil {
		return nil, err
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 10*time.Second)
		defer cancel()
		if err := end(ctx); err != nil {
			s.log().Error("the workers did not stop in time", "error", err)
		}
	}, nil
}

// log writes to standard error: warnings and worse.
func (s *session) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
