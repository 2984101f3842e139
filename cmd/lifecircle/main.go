// Command lifecircle measures who can reach which civil-affairs service, finds
// the gaps, and serves both as a map and as open layers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/lifecircle/lifecircle/planner"
)

// Exit codes, also in docs/commands.md.
const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRejected = 3 // finished, with rejected rows
)

// usageError is a flag or argument that cannot be meant, found after parsing.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errRejected ends an import whose good rows are in.
var errRejected = errors.New("some rows were rejected")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program as a value: arguments in, exit code out.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("lifecircle"), kong.Description("生活圈: who can reach what, who cannot, and where to build next."),
		kong.UsageOnError(), kong.Writers(out, errs), kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help has been answered
		return exit
	}
	if err != nil {
		fmt.Fprintf(errs, "lifecircle: %v\n", err)
		return exitUsage
	}
	err = parsed.Run(&session{ctx: ctx, out: out, errs: errs, db: c.Database, json: c.JSON})
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errRejected):
		return exitRejected
	}
	fmt.Fprintf(errs, "lifecircle: %v\n", err)
	if usage := (usageError{}); errors.As(err, &usage) {
		return exitUsage
	}
	if e := (*planner.Error)(nil); errors.As(err, &e) && e.Err != nil && e.Kind == planner.Internal {
		fmt.Fprintf(errs, "  %v\n", e.Err)
	}
	return exitFailed
}

// cli is every command.
type cli struct {
	Database database `embed:""`
	JSON     bool     `name:"json" help:"Answer in JSON, for programs."`

	Compare   compareCommand   `cmd:"" help:"Split every figure that differs between two runs into data, assumptions, boundaries and engine."`
	Reconcile reconcileCommand `cmd:"" help:"Hold another list of facilities against ours and name every difference (对账)."`
	Standards standardsCommand `cmd:"" help:"Standards files: check, compare, show."`
	Up        upCommand        `cmd:"" help:"Start everything: database, demo data if it is empty, map and layers."`
	Serve     serveCommand     `cmd:"" help:"Serve the map and the layers of a database, or isochrones of a network file."`
	Worker    workerCommand    `cmd:"" help:"Work through runs that were asked for over HTTP; any number of workers share them."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database schema up to date."`
	Generate  generateCommand  `cmd:"" help:"Write a synthetic county, prefecture or province as the files that users import."`
	Import    importCommand    `cmd:"" help:"Import files as a new data version."`
	Plan      planCommand      `cmd:"" help:"Evaluate the standards: a run."`
	Quality   qualityCommand   `cmd:"" help:"How good the data are: quality network."`
	Export    exportCommand    `cmd:"" help:"Write a layer as a file."`
	Ledger    ledgerCommand    `cmd:"" help:"The list of gaps (缺口清单) as it is worked."`
	Geocode   geocodeCommand   `cmd:"" help:"Addresses to standard addresses and points, lines or a list; points to addresses (--reverse); text to elements (--parse-only)."`
	Site      siteCommand      `cmd:"" help:"Solve a location problem from a file, with a proven bound; needs no database."`
	User      userCommand      `cmd:"" help:"Accounts of officials."`
	Token     tokenCommand     `cmd:"" help:"API tokens for GIS programs and scripts."`
	Audit     auditCommand     `cmd:"" help:"Who did what, when, from where."`
	Graph     graphCommand     `cmd:"" help:"Make the graph file of a network, which --network opens at once; or describe one. Needs no database."`
	Doctor    doctorCommand    `cmd:"" help:"Check what cannot be seen: every byte of the networks and of the graph files; exit 1 and the remedy when something is wrong."`
	Circles   verifyCommand    `cmd:"" name:"verify-circles" help:"Check circles against the streets of an OSM file; needs no database."`
}

// session is what a command works with.
type session struct {
	ctx       context.Context
	out, errs io.Writer
	db        database
	json      bool
}
