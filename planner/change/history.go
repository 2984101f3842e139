package change

import (
	"reflect"
	"slices"
	"time"
)

// Version is a thing as one data version told of it.
type Version struct {
	Version int64          `json:"version"`
	At      time.Time      `json:"at"` // when that version was published
	Source  string         `json:"source"`
	Files   []string       `json:"files"`
	Ended   int64          `json:"ended,omitempty"` // the version that ended it; 0 while it lives
	Values  map[string]any `json:"values"`
	Changed []string       `json:"changed"` // of the values, against the version before
}

// History is the past of one thing, the oldest version first.
type History struct {
	Collection string    `json:"collection"`
	ID         string    `json:"id"`
	Path       string    `json:"path"` // names of the divisions that it lies in, or is
	Versions   []Version `json:"versions"`
}

// Compare fills in what changed from version to version. Deliverers tell of
// different things, so that each is compared with its own version before.
func (h *History) Compare() {
	before := map[string]map[string]any{}
	for i := range h.Versions {
		v := &h.Versions[i]
		v.Changed = []string{}
		if old, ok := before[v.Source]; ok {
			for name, value := range v.Values {
				if !reflect.DeepEqual(value, old[name]) {
					v.Changed = append(v.Changed, name)
				}
			}
			slices.Sort(v.Changed)
		}
		before[v.Source] = v.Values
	}
}
