package standard

import (
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

func TestBuiltInPlan(t *testing.T) {
	p, err := Parse(Zhejiang2021)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Standards) != 3 {
		t.Fatalf("%d standards", len(p.Standards))
	}
	for _, s := range p.Standards {
		if s.ID == "EL-07" && s.Threshold != nil {
			t.Error("the plan sets no share for EL-07: it must stay tracked until a user enters one")
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key names its line": {"deadline:", "deadlin:", "line 5"},
		"unknown kind":               {"kind: access_time", "kind: access", `kind "access" is not known`},
		"unknown level":              {"level: township", "level: town", `level "town" is not known`},
		"unknown service":            {"[eco_burial]", "[burial]", `service "burial" is not known`},
		"share above one":            {"minutes: 15", "minutes: 15\n    threshold: 85", "threshold 85"},
		"duplicate id":               {"id: FU-01", "id: EL-07", "EL-07 appears twice"},
		"no minutes":                 {"minutes: 15", "minutes: 0", "minutes must be positive"},
	} {
		_, err := Parse(strings.Replace(Zhejiang2021, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) || planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	if _, err := Parse(""); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("empty file: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Zhejiang2021)
	f.Add("standards: [{}]")
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := Parse(text); err == nil && len(p.Standards) == 0 {
			t.Error("a plan without standards was accepted")
		}
	})
}
