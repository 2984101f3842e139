package geocode

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// Status says how far an answer may be trusted.
type Status string

// The statuses.
const (
	Matched   Status = "matched"   // Place is certain, at its level
	Ambiguous Status = "ambiguous" // several candidates; Place is what they have in common, if anything
	Unmatched Status = "unmatched" // nothing of the text is known
)

// Place is a standard address, or a division, street, hamlet or compound.
type Place struct {
	Level   address.Level `json:"level"`
	Code    planner.Code  `json:"code"`                 // of the division, or of the one that it lies in
	Address string        `json:"address_id,omitempty"` // key of the standard address, at house level
	Text    string        `json:"text"`                 // full standard name
	Point   *orb.Point    `json:"point"`                // lon, lat; null when unknown
	Score   float64       `json:"score"`                // 0 to 1
}

// Reason says what a reader of the text must forgive or know.
type Reason struct {
	ID string `json:"id"`
	planner.Text
}

// Answer is what a text means.
type Answer struct {
	Text       string   `json:"text"` // as it was given
	Status     Status   `json:"status"`
	Place      *Place   `json:"place"`                // null when nothing is certain
	Candidates []Place  `json:"candidates,omitempty"` // of an ambiguous text, best first, at most MaxCandidates
	Rest       string   `json:"rest,omitempty"`       // what the place leaves unused: room, 对面, a firm
	Reasons    []Reason `json:"reasons"`
}

// MaxCandidates bounds the candidates of one answer.
const MaxCandidates = 10

// Key asks for the houses of a name that bear a number (as EntriesOf gives them).
type Key struct {
	Name   int64
	Number string
}

// House is a standard address with its elements as the database has them.
type House struct {
	ID                                        string
	Text                                      string // full
	Unit                                      planner.Code
	Street, Hamlet, Plate, Compound, Building string
	Point                                     *orb.Point // lon, lat
}

// Place gives a house as a place.
func (h *House) Place(score float64) Place {
	level := address.Compound
	if h.Building != "" {
		level = address.Building
	} else if h.Plate != "" {
		level = address.Plate
	}
	return Place{Level: level, Code: h.Unit, Address: h.ID, Text: h.Text, Point: h.Point, Score: score}
}

// Houses finds houses by index.
type Houses interface {
	// Houses gives for each key the houses that bear it, in order of their ids.
	Houses(ctx context.Context, keys []Key) ([][]House, error)
}
