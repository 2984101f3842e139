package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

// matrix is the whole of the rights, written out a second time by hand: role by
// action, own scope. A right that is added without a thought here fails.
const matrix = `
action            viewer town_editor county_editor planner auditor system_admin security_admin demo
layers.read       y      y           y             y       -       -            -              y
internal.read     -      y           y             y       -       -            -              y
geocode.use       y      y           y             y       -       -            -              y
base.edit         -      y           y             y       -       -            -              y
facility.edit     -      y           y             -       -       -            -              y
facility.approve  -      -           y             -       -       -            -              y
data.import       -      -           y             y       -       -            -              y
run.start         -      -           y             y       -       -            -              y
run.publish       -      -           -             y       -       -            -              y
scenario.edit     -      -           y             y       -       -            -              y
standard.edit     -      -           -             y       -       -            -              y
ledger.edit       -      y           y             -       -       -            -              y
ledger.review     -      -           y             -       -       -            -              y
ledger.accept     -      -           -             y       -       -            -              y
user.list         -      -           -             -       -       y            y              -
user.create       -      -           -             -       -       y            -              -
user.role         -      -           -             -       -       -            y              -
token.revoke      -      -           -             -       -       -            y              -
setting.security  -      -           -             -       -       -            y              -
setting.system    -      -           -             -       -       y            -              -
audit.read        -      -           -             -       y       -            -              -
audit.prune       -      -           -             -       y       -            -              -
account.own       y      y           y             y       y       y            y              -
`

// Every action × every role × units inside, outside, above and of a zone.
func TestTheWholeMatrix(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(matrix), "\n")
	roles := strings.Fields(lines[0])[1:]
	if len(lines)-1 != len(Rules) || len(roles) != len(Roles)+1 {
		t.Fatalf("%d actions × %d roles in the matrix, %d × %d in the program", len(lines)-1, len(roles), len(Rules), len(Roles)+1)
	}
	cells := 0
	for _, line := range lines[1:] {
		f := strings.Fields(line)
		rule, ok := RuleOf(Action(f[0]))
		if !ok {
			t.Fatalf("no action %s", f[0])
		}
		for i, cell := range f[1:] {
			prefix := "330702"
			if roles[i] == "town_editor" {
				prefix = "330702209"
			}
			u := User{Roles: []Role{Role(roles[i])}, Prefix: prefix}
			yes := cell == "y"
			for _, c := range []struct {
				name string
				on   Unit
				want bool
			}{
				{"own unit", Unit{Code: prefix}, yes},
				{"below it", Unit{Code: "330702209201"}, yes},
				{"beside it", Unit{Code: "330703100000"}, yes && rule.Reach == Own},
				{"a code that only looks alike", Unit{Code: "330700000000"}, yes && rule.Reach == Own},
				{"above it", Unit{Code: "3307"}, yes && rule.Reach == Own},
				{"the whole system", Unit{}, yes && rule.Reach == Own},
				{"by code mine, in charge the zone", Unit{Code: "330702209201", Zone: "330795000000"}, yes && (rule.Reach != Charge || roles[i] == "town_editor")},
			} {
				cells++
				if got := Can(u, rule.Action, c.on); got != c.want {
					t.Errorf("%s, %s, %s: %v", roles[i], rule.Action, c.name, got)
				}
			}
		}
	}
	if cells != len(Rules)*8*7 {
		t.Errorf("%d cells looked at", cells)
	}
}

func TestZones(t *testing.T) {
	on := Unit{Code: "330702209201", Zone: "330795000000"}
	for _, c := range []struct {
		name         string
		role         Role
		prefix       string
		reads, edits bool
	}{
		{"the zone", CountyEditor, "330795", true, true},
		{"the county of the code", CountyEditor, "330702", true, false},
		{"the county of the code, padded", CountyEditor, "330702000000", false, false},
		{"the town itself", TownEditor, "330702209", true, true},
		{"another zone", CountyEditor, "330796", false, false},
		{"the prefecture above both", CountyEditor, "3307", true, true},
		{"the province", CountyEditor, "", true, true},
	} {
		u := User{Roles: []Role{c.role}, Prefix: c.prefix}
		if Can(u, ReadLayers, on) != c.reads || Can(u, EditFacility, on) != c.edits {
			t.Errorf("%s: reads %v, edits %v", c.name, !c.reads, !c.edits)
		}
	}
}

func TestTokensAndDutiesOnlyTakeAway(t *testing.T) {
	u := User{Roles: []Role{CountyEditor}, Prefix: "330702"}
	token := u
	token.Only = []Action{ReadLayers, PublishRun}
	if got := token.Actions(); !slices.Equal(got, []Action{ReadLayers}) {
		t.Errorf("a token of an editor for reading and publishing: %v", got)
	}
	empty := u
	empty.Only = []Action{}
	if got := empty.Actions(); got != nil {
		t.Errorf("a token for nothing: %v", got)
	}
	u.Pending = EnrolTOTP
	if got := u.Actions(); !slices.Equal(got, []Action{OwnAccount}) {
		t.Errorf("before the second factor: %v", got)
	}
	if Can(User{}, OwnAccount, Unit{}) || Can(u, "no.such", Unit{}) {
		t.Error("nobody, or nothing, is allowed")
	}
}

func TestGrants(t *testing.T) {
	for _, c := range []struct {
		roles  string
		prefix string
		kind   planner.Kind
	}{
		{"viewer", "", ""}, {"viewer planner auditor", "3307", ""}, {"town_editor", "330702209", ""}, {"", "", ""},
		{"auditor system_admin", "", planner.Conflict}, {"auditor security_admin", "", planner.Conflict}, {"viewer system_admin security_admin", "", planner.Conflict},
		{"town_editor", "330702", planner.Conflict}, {"county_editor", "", planner.Conflict},
		{"demo", "", planner.Invalid}, {"root", "", planner.Invalid}, {"viewer viewer", "", planner.Invalid},
		{"viewer", "33070", planner.Invalid}, {"viewer", "33%", planner.Invalid},
	} {
		var roles []Role
		for _, r := range strings.Fields(c.roles) {
			roles = append(roles, Role(r))
		}
		err := CheckGrant(roles, c.prefix)
		if (err == nil) != (c.kind == "") || err != nil && planner.KindOf(err) != c.kind {
			t.Errorf("%s in %q: %v", c.roles, c.prefix, err)
		}
	}
}

func TestViews(t *testing.T) {
	v, ok := User{Roles: []Role{Viewer, Auditor}, Prefix: "330702"}.View()
	if want := (planner.Viewer{Role: "auditor+viewer", Prefix: "330702", Class: planner.Full, Layers: v.Layers}); !ok || v != want || !v.Reads("gaps") || v.Reads("candidates") {
		t.Errorf("%+v", v)
	}
	if v, _ := (User{Roles: []Role{CountyEditor}, Prefix: "330795", Towns: []string{"330702209"}}).View(); !v.Reads("candidates") || !v.Sees("330702209201") || v.Sees("330702210201") || !v.Sees("330795000000") {
		t.Errorf("a zone: %+v", v)
	}
	if v, ok := Demo.View(); !ok || v != planner.DemoViewer {
		t.Errorf("the demo: %+v", v)
	}
	for _, r := range Powers {
		if v, ok := (User{Roles: []Role{r}}).View(); ok {
			t.Errorf("%s sees %+v", r, v)
		}
	}
	keys := map[string]bool{}
	for _, v := range []planner.Viewer{planner.DemoViewer, Public([]string{"units"}, "0"), Public([]string{"units"}, "1"), Public([]string{"gaps"}, "1"), {Role: "viewer"}, {Role: "viewer", Prefix: "33"}, {Role: "viewer", Prefix: "33", Towns: "44"}, {Role: "viewer", Prefix: "33", Class: planner.Full}} {
		keys[v.Key()] = true
	}
	if len(keys) != 8 {
		t.Errorf("viewers share a key: %v", keys)
	}
}
