package planner

import "strings"

// Viewer is who is looking. It goes with every read, and every cache key,
// ETag and count includes its Key, so that no cache can leak.
type Viewer struct {
	Role   string           // viewer, town_editor, county_editor, planner, auditor, system_admin, security_admin; "demo" on an open demo
	Prefix string           // division-code digits that bound what is seen; "" is everything
	Class  SuppressionClass // how small counts are treated
}

// SuppressionClass says which counts a viewer may see.
type SuppressionClass string

// The classes.
const (
	Full       SuppressionClass = "full"       // every count
	Suppressed SuppressionClass = "suppressed" // counts below the limit hidden, with complements
)

// DemoViewer sees all of a generated demo on a loopback address.
var DemoViewer = Viewer{Role: "demo", Class: Full}

// Key identifies what the viewer may see, for caches and ETags.
func (v Viewer) Key() string { return v.Role + ":" + v.Prefix + ":" + string(v.Class) }

// Sees tells whether the unit lies inside the viewer's prefix.
func (v Viewer) Sees(c Code) bool { return strings.HasPrefix(string(c), v.Prefix) }
