package planner

import (
	"slices"
	"strings"
)

// Viewer is who is looking. It goes with every read, and every cache key,
// ETag and count includes its Key, so that no cache can leak.
type Viewer struct {
	Role   string           // viewer, town_editor, county_editor, planner, auditor, system_admin, security_admin; "demo" on an open demo
	Prefix string           // division-code digits that bound what is seen; "" is everything
	Towns  string           // township prefixes outside of Prefix that report to it (development zones), separated by commas
	Layers string           // collections that are read, separated by commas; "" is all
	Mask   string           // which counts are withheld at the time, for a suppressed viewer
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
func (v Viewer) Key() string {
	return strings.Join([]string{v.Role, v.Prefix, v.Towns, v.Layers, v.Mask, string(v.Class)}, ":")
}

// Reads tells whether the viewer reads a collection at all.
func (v Viewer) Reads(collection string) bool {
	return v.Layers == "" || slices.Contains(strings.Split(v.Layers, ","), collection)
}

// Prefixes are the code prefixes that bound what is seen; nil is everything.
func (v Viewer) Prefixes() []string {
	if v.Prefix == "" {
		return nil
	}
	if v.Towns == "" {
		return []string{v.Prefix}
	}
	return append(strings.Split(v.Towns, ","), v.Prefix)
}

// Pattern is a regular expression that the codes inside the prefixes match, for row-level security.
func (v Viewer) Pattern() string { return "^(" + strings.Join(v.Prefixes(), "|") + ")" }

// Sees tells whether the unit lies inside one of the viewer's prefixes.
func (v Viewer) Sees(c Code) bool {
	return v.Prefix == "" || slices.ContainsFunc(v.Prefixes(), func(p string) bool { return strings.HasPrefix(string(c), p) })
}
