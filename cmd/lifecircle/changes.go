package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/data/export"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/edit"
)

// changes writes what differs between two data versions.
func (e *exportCommand) changes(s *session) error {
	layers := edit.Layers
	if e.Only != "" {
		layers = strings.Split(e.Only, ",")
		for _, l := range layers {
			if !slices.Contains(edit.Layers, l) {
				return usageError{planner.Errorf(planner.Invalid, "变更清单有图层%v,没有「%s」", "changes are listed of %v, not of %q", edit.Layers, l)}
			}
		}
	}
	if e.From < 0 {
		return usageError{planner.Errorf(planner.Invalid, "请用 --from 和 --to 指明两个数据版本", "name the two data versions with --from and --to")}
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	st := db.store()
	if e.To == 0 {
		snap, err := st.Latest(s.ctx)
		if err != nil {
			return err
		}
		e.To = snap.Version
	}
	n := 0
	switch {
	case e.Format == "gpkg":
		if e.Out == "" {
			return usageError{planner.Errorf(planner.Invalid, "请用 -o 指定要写的文件", "name the file to write with -o")}
		}
		part := e.Out + ".part"
		defer os.Remove(part)
		if err := os.Remove(part); err != nil && !os.IsNotExist(err) {
			return err
		}
		if n, err = export.ChangesGeoPackage(s.ctx, st, layers, e.From, e.To, part); err == nil {
			err = os.Rename(part, e.Out)
		}
	case e.Out == "":
		_, err := export.Changes(s.ctx, st, layers, e.From, e.To, e.Format, s.out)
		return err
	default:
		err = writeWhole(e.Out, func(w io.Writer) (err error) {
			n, err = export.Changes(s.ctx, st, layers, e.From, e.To, e.Format, w)
			return err
		})
	}
	if err == nil {
		_, err = fmt.Fprintf(s.errs, "%s: %d changes from version %d to %d\n", e.Out, n, e.From, e.To)
	}
	return err
}
