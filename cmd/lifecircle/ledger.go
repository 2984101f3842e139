package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	gaps "github.com/lifecircle/lifecircle/data/ledger"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/ledger"
)

type ledgerCommand struct {
	Open   ledgerOpen   `cmd:"" help:"Hold the list of gaps (缺口清单) against a run: new ones are added, those not found any more are marked."`
	Export ledgerExport `cmd:"" help:"Write the list as XLSX, to be filled in and sent back."`
	Import ledgerImport `cmd:"" help:"Take a filled-in list back; rows changed here meanwhile are shown as conflicts (exit code 3)."`
}

// book opens the list of a database.
func (s *session) book(db *opened) (*gaps.Book, error) {
	accounts, err := s.accounts(db)
	if err != nil {
		return nil, err
	}
	return &gaps.Book{Store: db.store(), Log: accounts.Log}, nil
}

func (s *session) withBook(do func(*gaps.Book) error) error {
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	b, err := s.book(db)
	if err != nil {
		return err
	}
	return do(b)
}

type ledgerOpen struct {
	Run_ int64 `name:"run" help:"The run; the latest without it."`
}

func (o *ledgerOpen) Run(s *session) error {
	return s.withBook(func(b *gaps.Book) error {
		if o.Run_ == 0 {
			snap, err := b.Store.Latest(s.ctx)
			if err != nil {
				return err
			}
			o.Run_ = snap.Run
		}
		opening, err := b.Open(s.ctx, o.Run_, operator(""))
		if err != nil {
			return err
		}
		if s.json {
			return json.NewEncoder(s.out).Encode(opening)
		}
		_, err = fmt.Fprintf(s.out, "run %d: %d new gaps, %d persisting, %d not found any more\n", opening.Run, opening.New, opening.Persisting, opening.Gone)
		return err
	})
}

type ledgerExport struct {
	Out      string `short:"o" required:"" help:"XLSX to write."`
	Unit     string `help:"Division code: rows of this unit only."`
	Standard string `help:"Rows of one standard."`
	State    string `help:"Rows of one state: to_verify, confirmed, data_wrong, planned, closed."`
}

func (x *ledgerExport) Run(s *session) error {
	f := ledger.Filter{Standard: x.Standard, State: x.State, Sort: "unit"}
	if x.Unit != "" {
		code, err := planner.ParseCode(x.Unit)
		if err != nil {
			return usageError{err}
		}
		f.Unit = code.Prefix()
	}
	return s.withBook(func(b *gaps.Book) error {
		return writeWhole(x.Out, func(w io.Writer) error { return b.Write(s.ctx, planner.DemoViewer, f, w) })
	})
}

// writeWhole writes a file that is there whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

type ledgerImport struct {
	File string `arg:"" type:"existingfile" help:"XLSX that came back."`
}

func (i *ledgerImport) Run(s *session) error {
	return s.withBook(func(b *gaps.Book) error {
		f, err := os.Open(i.File)
		if err != nil {
			return err
		}
		defer f.Close()
		receipt, err := b.Take(s.ctx, rights.Demo, planner.DemoViewer, f, operator(i.File))
		if err != nil {
			return err
		}
		if s.json {
			err = json.NewEncoder(s.out).Encode(receipt)
		} else {
			fmt.Fprintf(s.out, "%d rows read, %d changed, %d as they were, %d conflicts, %d refused\n", receipt.Read, receipt.Changed, receipt.Same, len(receipt.Conflicts), len(receipt.Refused))
			for _, c := range receipt.Conflicts {
				fmt.Fprintf(s.out, "冲突 conflict, row %d, %s: 来表 %s; 库中 %s (%s, %s)\n", c.Line, c.ID, c.Theirs, c.Ours, c.By, c.At.Format("2006-01-02 15:04"))
			}
			for _, r := range receipt.Refused {
				fmt.Fprintf(s.out, "退回 refused, %s: %s / %s\n", r.ID, r.Reason.ZH, r.Reason.EN)
			}
		}
		if err == nil && len(receipt.Conflicts)+len(receipt.Refused) > 0 {
			err = errRejected
		}
		return err
	})
}
