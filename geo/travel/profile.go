package travel

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// Profile is a way of travelling. Pace is milliseconds per millimetre on flat
// ground (1 / (m/s)). What is zero costs nothing and closes nothing.
type Profile struct {
	ID             string
	NameZH, NameEN string
	Mode           graph.Access // the one bit that an arc must admit
	Pace           float64      // 0 for vehicles: KMH
	LegPace        float64      // off the street, for those who ride
	StepsFactor    float64      // time on steps relative to flat street
	Slope          bool         // slower uphill (Tobler 1993, normalised to 1 on the flat)
	NoDownhillGain bool         // and never faster downhill
	Ferries        bool
	FerryWait      Millis // before a ferry of unknown headway
	NoPrivate      bool   // yards (小区) and private gates are closed
	Crossing       [graph.NumCrossings]Millis
	Kerb           Millis
	Barrier        [graph.NumBarriers]Millis    // Unreached: closed
	Surface        [graph.NumSurfaces]float64   // time relative to paved; 0 is 1
	KMH            [graph.FerryLine + 1]float64 // of vehicles by class of street, km/h; 0 is that of graph.Other
	Rides          Rides                        // by bus or shuttle between walks: geo/transit

	Figures []Figure `json:"-"` // where the numbers are from
}

// Rides says how walkers use buses and shuttles.
type Rides struct {
	Boardings int     // at most, in one way; 0: they do not ride
	WaitShare float64 // of the headway that one waits for
	At        int     // minute of the day: the lines and headways of that time count
}

// Figure is one number of a profile with its source.
type Figure struct {
	Key, Value, Source string // the key as in the file: crossings.signals
}

//go:embed profiles.yaml
var builtinText string

// Book is a set of profiles, in the order of screens. It is immutable.
type Book struct {
	profiles []Profile
	sources  map[string]string
}

var builtin = sync.OnceValue(func() *Book {
	b, err := (&Book{}).With("profiles.yaml", builtinText)
	if err != nil {
		panic(err) // embedded, and a test reads it
	}
	return b
})

// Builtin is the book of our own profiles.
func Builtin() *Book { return builtin() }

// Profiles gives every profile of the book.
func (b *Book) Profiles() []Profile { return slices.Clone(b.profiles) }

// ByID finds a profile of the book.
func (b *Book) ByID(id string) (Profile, error) {
	for _, p := range b.profiles {
		if p.ID == id {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("geo: no travel profile %q", id)
}

// Profiles gives every profile of our own, in the order of screens.
func Profiles() []Profile { return builtin().Profiles() }

// ProfileByID finds a profile of our own.
func ProfileByID(id string) (Profile, error) { return builtin().ByID(id) }

// WithoutFerries is the same profile where a ferry does not count.
func (p Profile) WithoutFerries() Profile {
	p.Ferries = false
	return p
}
