package main

import (
	"errors"
	"os"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// profilesFile is a file of travel profiles beside our own.
type profilesFile struct {
	Profiles string `type:"existingfile" placeholder:"FILE.yaml" help:"Travel profiles that replace ours by id, or add to them."`
}

// book gives our profiles with those of the file.
func (p profilesFile) book() (*travel.Book, error) {
	if p.Profiles == "" {
		return travel.Builtin(), nil
	}
	text, err := os.ReadFile(p.Profiles)
	if err != nil {
		return nil, err
	}
	book, err := travel.Builtin().With(p.Profiles, string(text))
	if wrong := (*travel.FileError)(nil); errors.As(err, &wrong) {
		return nil, &planner.Error{Kind: planner.Invalid, Text: planner.Text{ZH: wrong.ZH, EN: wrong.EN}}
	}
	return book, err
}
