package run

import (
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// Record is a run as lists show it, published or not.
type Record struct {
	ID          int64          `json:"id"`
	Name        string         `json:"name"`
	State       string         `json:"state"`    // queued, running, published, failed, canceled
	Progress    float64        `json:"progress"` // 0 to 1
	DataVersion int64          `json:"data_version"`
	AsOf        time.Time      `json:"as_of"`
	Units       []planner.Code `json:"-"` // that it was asked for; of a run of everything the counties
	Digest      string         `json:"digest,omitempty"`
	Engine      string         `json:"engine,omitempty"` // rules of evaluation
	Network     string         `json:"network,omitempty"`
	Error       string         `json:"error,omitempty"` // why it failed
	CreatedAt   time.Time      `json:"created_at"`
	PublishedAt *time.Time     `json:"published_at,omitempty"`
	Summary     *Summary       `json:"summary,omitempty"` // of a published run
}
