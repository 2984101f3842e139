package access

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// User is who acts, as far as rights go.
type User struct {
	ID      int64    `json:"id"`
	Name    string   `json:"name"` // what is typed to log in
	Display string   `json:"display"`
	Roles   []Role   `json:"roles"`
	Prefix  string   `json:"prefix"` // digits of a division or development-zone code; "" is everything
	Towns   []string `json:"-"`      // prefixes of townships that report to Prefix and lie outside of it by code
	Ceded   []string `json:"-"`      // prefixes of townships inside of Prefix by code that report to a zone outside
	// Only bounds a token to these actions; nil is all that the roles allow.
	Only []Action `json:"-"`
	// Pending is what must be done before anything else: only OwnAccount is allowed until then.
	Pending Pending `json:"pending,omitempty"`
}

// Pending is a duty that a session has before it gets its rights.
type Pending string

// EnrolTOTP: the province requires a second factor and the user has none yet.
const EnrolTOTP Pending = "enrol_totp"

// Demo is everybody on the open demo: it works on the data and has no account.
var Demo = User{Name: "demo", Roles: []Role{demo}}

// Unit is what an action is about.
type Unit struct {
	Code string       // digits of a division code, padded or not; "" is the whole system
	Zone planner.Code // the development zone (功能区) that it reports to, "" when it reports where its code says
}

// In makes a Unit of a code whose reporting line is its code's.
func In(code planner.Code) Unit { return Unit{Code: string(code)} }

// Has tells whether the user holds the role.
func (u User) Has(r Role) bool { return slices.Contains(u.Roles, r) }

// Can is the one decision about rights: user × action × unit.
//
// A unit of a development zone is read by the county that its code names and by
// the zone it reports to; it is changed by the zone (and whoever stands above
// both), and by its own town.
func Can(u User, a Action, on Unit) bool {
	rule, ok := RuleOf(a)
	if !ok || !slices.ContainsFunc(rule.Roles, u.Has) || u.Only != nil && !slices.Contains(u.Only, a) || u.Pending != "" && a != OwnAccount {
		return false
	}
	byCode, byZone := strings.HasPrefix(on.Code, u.Prefix), on.Zone != "" && strings.HasPrefix(string(on.Zone), u.Prefix)
	switch {
	case rule.Reach == Own:
		return true
	case rule.Reach == Within || on.Zone == "":
		return byCode || byZone
	}
	return byZone || byCode && len(u.Prefix) >= townDigits
}

// townDigits is the length of a township's prefix.
const townDigits = 9

// May tells whether the user can do the action somewhere at all.
func May(u User, a Action) bool { return Can(u, a, Unit{Code: u.Prefix}) }

// Actions are what the user may do somewhere, for screens.
func (u User) Actions() []Action {
	var all []Action
	for _, r := range Rules {
		if May(u, r.Action) {
			all = append(all, r.Action)
		}
	}
	return all
}

// View derives what goes with every read: everything inside the scope, with all
// its counts. Who may read no layers at all gets none: ok is false.
func (u User) View() (v planner.Viewer, ok bool) {
	if !May(u, ReadLayers) {
		return planner.Viewer{}, false
	}
	if u.Has(demo) {
		return planner.DemoViewer, true
	}
	roles := make([]string, len(u.Roles))
	for i, r := range u.Roles {
		roles[i] = string(r)
	}
	slices.Sort(roles)
	v = planner.Viewer{Role: strings.Join(roles, "+"), Prefix: u.Prefix, Towns: strings.Join(u.Towns, ","), Class: planner.Full}
	if !May(u, ReadInternal) {
		v.Layers = strings.Join(published(), ",")
	}
	return v, true
}

// published are the collections that are not internal.
func published() (ids []string) {
	for _, c := range layer.Collections {
		if c.ID != Internal {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Internal is the collection that only those read who may ReadInternal.
const Internal = "candidates"

// Public is anybody, on the layers that a province opens; mask names which counts are withheld.
func Public(layers []string, mask string) planner.Viewer {
	return planner.Viewer{Role: "public", Layers: strings.Join(layers, ","), Mask: mask, Class: planner.Suppressed}
}

// Charge is a regular expression that the codes match which the user answers
// for: what reports into the scope, less what a development zone has taken out of it.
func (u User) Charge() string {
	not := ""
	if len(u.Ceded) > 0 && len(u.Prefix) < townDigits {
		not = "(?!" + strings.Join(u.Ceded, "|") + ")"
	}
	return "^" + not + "(" + strings.Join(append(slices.Clone(u.Towns), u.Prefix), "|") + ")"
}
