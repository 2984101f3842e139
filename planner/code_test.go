package planner

import "testing"

func TestCodeLevels(t *testing.T) {
	for _, c := range []struct {
		in, code, prefix, parent string
		level                    Level
	}{
		{"99", "990000000000", "99", "", Province},
		{"9901", "990100000000", "9901", "990000000000", Prefecture},
		{"990121", "990121000000", "990121", "990100000000", County},
		{"990121101", "990121101000", "990121101", "990121000000", Township},
		{" 990121101201 ", "990121101201", "990121101201", "990121101000", Village},
		// 龙港市 has villages under one pseudo township; the level comes from the digits alone.
		{"330383198001", "330383198001", "330383198001", "330383198000", Village},
	} {
		got, err := ParseCode(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.code || got.Level() != c.level || got.Prefix() != c.prefix || string(got.Parent()) != c.parent {
			t.Errorf("%q: code %s level %v prefix %s parent %s", c.in, got, got.Level(), got.Prefix(), got.Parent())
		}
	}
}

func TestBadCodesSayWhy(t *testing.T) {
	for _, in := range []string{"", "9", "99012", "9901211012013", "99012110120x", "９９０１"} {
		if got, err := ParseCode(in); err == nil {
			t.Errorf("%q was read as %s", in, got)
		} else if KindOf(err) != Invalid {
			t.Errorf("%q: kind %s", in, KindOf(err))
		}
	}
}

func TestCommunitiesByTheirDigits(t *testing.T) {
	for code, want := range map[Code]bool{
		"990121001001": true, "990121001199": true, "990121001200": false, "990121001399": false,
		"990121001400": true, "990121001500": false, "990121001000": false,
	} {
		if code.IsCommunity() != want {
			t.Errorf("%s: community %v, want %v", code, !want, want)
		}
	}
}

func TestViewerSeesItsPrefix(t *testing.T) {
	v := Viewer{Role: "county_editor", Prefix: "990121", Class: Full}
	if !v.Sees("990121101201") || v.Sees("990122101201") {
		t.Error("the prefix does not bound what is seen")
	}
	if v.Key() == (Viewer{Role: "county_editor", Prefix: "990121", Class: Suppressed}).Key() {
		t.Error("the suppression class must be part of the key")
	}
}
