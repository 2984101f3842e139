package travel

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// The contract of ids, and the flat pace that others compute with.
func TestBuiltinProfiles(t *testing.T) {
	want := []struct {
		id                 string
		speed, steps       float64
		slope, noGain      bool
		plain              bool // no wait and no surface: an outside script can price it by length, steps and slope alone
		ferries, noPrivate bool
	}{
		{"adult", 1.2, 1.5, true, false, true, true, false},
		{"elder_60_69", 1.0, 1.5, true, false, false, true, false},
		{"elder_70_79", 0.85, 2, true, true, false, true, false},
		{"elder_80_plus", 0.70, 2, true, true, false, true, false},
		{"frail", 0.60, 2, true, true, false, true, false},
		{"child_escort", 1.0, 1.5, true, false, false, true, false},
		{"norm_1000m", 1 / 0.9, 1, false, false, true, false, false},
		{"norm_800m", 1 / 1.125, 1, false, false, true, false, false},
		{"ebike", 1 / 0.24, 4, false, false, false, false, false},
		{"drive", 0, 1, false, false, false, false, false},
		{"transit", 1.0, 1.5, true, false, false, true, false},
	}
	got := Profiles()
	if len(got) != len(want) {
		t.Fatalf("%d profiles, want %d", len(got), len(want))
	}
	for i, w := range want {
		p := got[i]
		pace := 0.0
		if w.speed > 0 {
			pace = 1 / w.speed
		}
		if p.ID != w.id || math.Abs(p.Pace-pace) > 1e-15 || p.StepsFactor != w.steps || p.Slope != w.slope || p.NoDownhillGain != w.noGain || p.Ferries != w.ferries || p.NoPrivate != w.noPrivate {
			t.Errorf("%d: %+v, want %+v", i, p, w)
		}
		if p.Barrier[graph.Wall] != Unreached {
			t.Errorf("%s walks through walls", p.ID)
		}
		plain := p.Crossing == [graph.NumCrossings]Millis{} && p.Kerb == 0 && p.Surface == [graph.NumSurfaces]float64{}
		if w.plain && (!plain || p.Barrier != [graph.NumBarriers]Millis{graph.Wall: Unreached}) {
			t.Errorf("%s has waits or surfaces: %+v", p.ID, p)
		}
		for _, f := range p.Figures {
			if f.Source == "" || f.Value == "" {
				t.Errorf("%s: %s has no source", p.ID, f.Key)
			}
		}
	}
	if p, _ := ProfileByID("elder_80_plus"); p.Barrier[graph.KissingGate] != 5000 || p.Barrier[graph.Stile] != Unreached || p.Crossing[graph.Signals] != 45_000 {
		t.Errorf("80+ does not take after 70–79: %+v", p)
	}
	if p, _ := ProfileByID("drive"); p.KMH[graph.Trunk] != 60 || p.KMH[graph.Other] != 15 || p.Barrier[graph.Bollard] != Unreached {
		t.Errorf("drive %+v", p)
	}
}

func TestOwnFileReplacesAndAdds(t *testing.T) {
	b, err := Builtin().With("own.yaml", `
profiles:
  - {id: adult, base: adult, name: {zh: 快, en: fast}, speed: {value: 1.5, source: own}, private: deny}
  - {base: frail, id: walker_frame, name: {zh: 助行器, en: walking frame}, speed: {value: 0.4, source: bath}}
sources: {own: counted on our streets}
`)
	if err != nil {
		t.Fatal(err)
	}
	fast, _ := b.ByID("adult")
	if fast.Pace != 1/1.5 || !fast.NoPrivate || !fast.Slope || b.Profiles()[0].ID != "adult" || len(b.Profiles()) != len(Profiles())+1 {
		t.Errorf("adult %+v", fast)
	}
	frame, err := b.ByID("walker_frame")
	if err != nil || frame.Pace != 1/0.4 || frame.Kerb != 3000 || frame.NameZH != "助行器" {
		t.Errorf("walker_frame %+v, %v", frame, err)
	}
	if own, _ := ProfileByID("adult"); own.Pace != 1/1.2 {
		t.Error("the built-in book was changed")
	}
}

// Each mistake is told with file, line and key, in both languages; the book stays as it was.
func TestMistakesInOwnFilesAreNamed(t *testing.T) {
	row := func(s string) string {
		return "profiles:\n  - id: x\n    base: adult\n    name: {zh: 甲, en: x}\n    " + s + "\n"
	}
	for name, c := range map[string]struct{ text, en, zh string }{
		"unknown key":      {row("sped: {value: 1, source: ours}"), `own.yaml:5:5: unknown key "sped"`, "第5行第5列"},
		"unknown word":     {row("private: perhaps"), `own.yaml:5:14: "perhaps" is not known; use one of allow, deny`, "可用"},
		"unknown barrier":  {row("barriers: {moat: {value: 1, source: ours}}"), `own.yaml:5:16: unknown key "moat"`, "moat"},
		"out of bounds":    {row("speed: {value: 99, source: ours}"), `own.yaml:5:20: "99" must be a number from 0.1 to 15`, "0.1到15"},
		"not a number":     {row("speed: {value: NaN, source: ours}"), `"NaN" must be a number`, "NaN"},
		"closed or number": {row("barriers: {gate: {value: shut, source: ours}}"), `"shut" must be a number from 0 to 3600, or closed`, "closed"},
		"no source":        {row("speed: {value: 1}"), "own.yaml:5:12: speed lacks its source", "缺少 source"},
		"source unknown":   {row("speed: {value: 1, source: hearsay}"), `the source "hearsay" of speed`, "hearsay"},
		"bare number":      {row("speed: 1"), "own.yaml:5:12: expected keys with values", "键"},
		"bad slope":        {row("slope: {value: steep, source: ours}"), `"steep" is not known`, "steep"},
		"half a ride":      {row("transit: {boardings: {value: 1.5, source: ours}}"), `"1.5" must be a whole number from 1 to 5`, "整数"},
		"no time of day":   {row("transit: {boardings: {value: 1, source: ours}, at: {value: noon, source: ours}}"), `"noon" must be HH:MM`, "HH:MM"},
		"a car that rides": {strings.Replace(row("transit: {boardings: {value: 1, source: ours}}"), "base: adult", "base: drive", 1), "transit is for mode foot", "用于步行"},
		"two paces":        {row("speed: {value: 1, source: ours}\n    metres_in_15_minutes: {value: 900, source: ours}"), "only one of them", "只能有一个"},
		"twice a key":      {row("private: deny\n    private: deny"), `own.yaml:6:5: key "private" stands twice`, "重复"},
		"no base":          {"profiles:\n  - {id: x, base: y, name: {zh: 甲, en: x}}\n", `there is no profile "y"`, "不存在"},
		"nothing":          {"profiles:\n  - {id: x, name: {zh: 甲, en: x}}\n", `own.yaml:2:5: "mode" is missing`, "缺少「mode」"},
		"no pace":          {"profiles:\n  - {id: x, name: {zh: 甲, en: x}, mode: foot, private: allow, steps: {value: 1, source: ours}, slope: {value: none, source: ours}, ferries: {value: none, source: ours}}\n", "speed or metres_in_15_minutes is missing", "缺少 speed"},
		"twice":            {row("private: deny") + row("private: deny")[len("profiles:\n"):], "x appears twice", "重复"},
		"bad id":           {"profiles:\n  - {id: X y, base: adult, name: {zh: 甲, en: x}}\n", `id "X y"`, "小写"},
		"no yaml":          {"profiles: [", "not valid YAML", "不是有效"},
		"empty":            {"", "is empty", "空"},
		"two documents":    {row("") + "---\na: 1\n", "one document", "---"},
		"no profiles":      {"sources: {}\n", "profiles is missing", "缺少 profiles"},
		"alias":            {"profiles:\n  - &a {id: x, base: adult, name: {zh: 甲, en: x}}\n  - *a\n", "expected keys", "键"},
	} {
		_, err := Builtin().With("own.yaml", c.text)
		var file *FileError
		if !errors.As(err, &file) || !strings.Contains(file.EN, c.en) || !strings.Contains(file.ZH, c.zh) {
			t.Errorf("%s: %v, want %q and %q", name, err, c.en, c.zh)
		}
	}
}

func FuzzBook(f *testing.F) {
	f.Add(builtinText)
	f.Add("profiles: [{id: x, base: adult, name: {zh: 甲, en: x}}]")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Builtin().With("own.yaml", text)
		if (b == nil) == (err == nil) {
			t.Errorf("book %v, error %v", b, err)
		}
	})
}
