package geocode

import (
	"testing"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// Districts were divided and merged; addresses go on naming the old ones.
func TestMovedUnits(t *testing.T) {
	unit := func(level address.Level, digits, name string, formers ...string) Name {
		code, err := planner.ParseCode(digits)
		if err != nil {
			t.Fatal(err)
		}
		return Name{Level: level, Code: code, Name: name, Formers: formers}
	}
	renamed := unit(address.County, "990604", "丙山区")
	renamed.Aliases = []string{"虚州县"}
	c := &Geocoder{Build([]Name{
		unit(address.Province, "99", "虚省"), unit(address.Prefecture, "9906", "虚州市"),
		unit(address.County, "990601", "甲城区"), unit(address.Township, "990601001", "良石街道"),
		unit(address.County, "990602", "临水区", "甲城区", "乙塘区"), unit(address.Township, "990602100", "塘头镇"), unit(address.Village, "990602100201", "八里桥村"), unit(address.Village, "990602100202", "建设村"),
		unit(address.County, "990603", "上门区", "乙塘区"), unit(address.Township, "990603001", "九里街道"), renamed, unit(address.Township, "990604001", "柯石街道"),
	}), shelf{}}
	for _, ask := range []struct {
		text   string
		status Status
		place  string
		reason string
	}{
		{"甲城区塘头镇", Matched, "虚省虚州市临水区塘头镇", "moved"},
		{"甲城塘头镇八里桥村", Matched, "虚省虚州市临水区塘头镇八里桥村", "moved"},
		{"甲城区八里桥村", Matched, "虚省虚州市临水区塘头镇八里桥村", "moved"},
		{"虚州市甲城区", Matched, "虚省虚州市甲城区", ""},
		{"甲城区良石街道", Matched, "虚省虚州市甲城区良石街道", ""},
		{"虚州市甲城区建设二路8号", Matched, "虚省虚州市甲城区", ""}, // not 建设村 of the part that went
		{"乙塘区", Ambiguous, "虚省虚州市", ""},
		{"乙塘区九里街道", Matched, "虚省虚州市上门区九里街道", "moved"},
		{"虚州县柯石街道", Matched, "虚省虚州市丙山区柯石街道", "alias"},
		{"虚州市越东路", Matched, "虚省虚州市", ""}, // not the 虚州县 of old
		{"临水区党湖镇八里桥村", Matched, "虚省虚州市临水区塘头镇八里桥村", "gone"},
		{"临水区九里街道八里桥村", Ambiguous, "虚省虚州市上门区", ""}, // a township that is elsewhere has not gone
	} {
		a := answer(t, c, ask.text)
		place, found := "", ask.reason == ""
		if a.Place != nil {
			place = a.Place.Text
		}
		for _, r := range a.Reasons {
			found = found || r.ID == ask.reason
		}
		if a.Status != ask.status || place != ask.place || !found {
			t.Errorf("%s: %s %s %v, want %s %s %s", ask.text, a.Status, place, a.Reasons, ask.status, ask.place, ask.reason)
		}
	}
}
