package api

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/edit"
)

// clerk makes corrections of nothing: data/edits is tested on a database.
type clerk struct{}

func (clerk) Correct(_ context.Context, u access.User, c edit.Change, e access.Entry) (edit.Edit, error) {
	if !strings.HasPrefix(c.ID, u.Prefix) {
		return edit.Edit{}, planner.Errorf(planner.NotFound, "没有", "none")
	}
	_, err := c.Values()
	return edit.Edit{ID: 1, Actor: e.Actor, Layer: c.Layer, Row: c.ID, Before: json.RawMessage("{}"), After: json.RawMessage("{}")}, err
}

func (clerk) Undo(_ context.Context, _ access.User, id int64, reason string, _ access.Entry) (edit.Edit, error) {
	if id != 1 {
		return edit.Edit{}, planner.Errorf(planner.NotFound, "没有", "none")
	}
	return edit.Edit{ID: 2, Undoes: &id, Reason: reason, Before: json.RawMessage("{}"), After: json.RawMessage("{}")}, nil
}

func (clerk) List(context.Context, planner.Viewer, string, string, string, int64, int) ([]edit.Edit, error) {
	return []edit.Edit{{ID: 1, Before: json.RawMessage("{}"), After: json.RawMessage("{}")}}, nil
}
