package completeness

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

// Source gives the data of one version.
type Source interface {
	// Townships gives every township with its area, people and streets, in the order of codes.
	Townships(ctx context.Context, version int64, network string) ([]Township, error)
	// Homes gives the point of every address that people may live at, and of every village, with the township's or village's code; "" unknown.
	Homes(ctx context.Context, version int64, each func(unit planner.Code, at orb.Point, village bool) error) error
	// TownshipsAt gives the township that each point (lon, lat) lies in, "" for none.
	TownshipsAt(ctx context.Context, version int64, points []orb.Point) ([]planner.Code, error)
}

// Township is what is known of the streets of one township.
type Township struct {
	Code      planner.Code `json:"code"`
	Name      string       `json:"name"`
	County    string       `json:"county"`
	Island    bool         `json:"island,omitempty"`
	KM2       float64      `json:"km2"`                 // 0: no boundary is known
	People    *int         `json:"people"`              // resident, else registered; nil unknown
	StreetKM  float64      `json:"street_km"`           // all but motorways and ferries, footpaths too
	FootKM    float64      `json:"foot_km"`             // of these for feet alone: footways, paths, steps, pedestrian streets
	PerKM2    float64      `json:"street_km_per_km2"`   // 0 without a boundary
	PerPeople float64      `json:"street_km_per_1000"`  // 0 without people
	FootShare float64      `json:"foot_share"`          // of the street km, 0 to 1
	Addresses int          `json:"addresses"`           //
	Far100    int          `json:"addresses_far_100m"`  // farther than 100 m from any street
	Far500    int          `json:"addresses_far_500m"`  // and farther than 500 m, or across water: a run cannot place them
	Reachable int          `json:"addresses_reachable"` // within 500 m of a street of the greatest connected part
	Villages  int          `json:"villages"`            //
	FarVill   int          `json:"villages_far_500m"`   //
	Pieces    int          `json:"isolated_pieces"`     // of street, joined to nothing
	PiecesKM  float64      `json:"isolated_km"`         //
	NearMiss  int          `json:"dead_ends_near"`      // pairs of ends within 20 m with no way between them
	Findings  []Finding    `json:"findings,omitempty"`  //
	Verify    bool         `json:"verify"`              // gaps here are 待核实 until the network is mended
}

// Finding is one reason to doubt the network of a township.
type Finding struct {
	ID string `json:"id"`
	planner.Text
}

// Report is the townships of a network; Whole sums them, with what lies in none.
type Report struct {
	Version   int64      `json:"version"`
	Network   string     `json:"network"`
	Whole     Township   `json:"whole"`
	Townships []Township `json:"townships"`
	Medians   Medians    `json:"medians"`
}

// Medians are what a township is compared with: half of the townships have less. Zero where fewer than five tell.
type Medians struct {
	FootShare float64 `json:"foot_share"`
	PerPeople float64 `json:"street_km_per_1000"`
}

// Flagged are the townships whose gaps must be verified.
func (r *Report) Flagged() (all []Township) {
	for _, t := range r.Townships {
		if t.Verify {
			all = append(all, t)
		}
	}
	return all
}

// Keep leaves the townships under some units only; all when none is named. The medians and the whole stay those of all.
func (r *Report) Keep(units []planner.Code) {
	spec := run.Spec{Units: units}
	r.Townships = slices.DeleteFunc(r.Townships, func(t Township) bool { return !spec.Covers(t.Code) })
}
