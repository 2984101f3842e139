package geocode

import (
	"context"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// shelf keeps houses in memory, filed as the database files them.
type shelf map[Key][]House

func (s shelf) Houses(_ context.Context, keys []Key) ([][]House, error) {
	out := make([][]House, len(keys))
	for i, k := range keys {
		out[i] = s[k]
	}
	return out, nil
}

// twoTowns is a county with the same street, village and hamlet names in two towns.
var twoTowns = strings.TrimSpace(`
990000000000 province 海越省
990100000000 prefecture 澜江市
990121000000 county 澄浦县
990121001000 township 澄阳街道
990121001001 village 城北社区
990121001004 village 桥东弄社区
990121001200 village 茶渡村
990121002000 township 南渡街道
990121002003 village 龙山社区
990121002206 village 枣宅村
990121002207 village 高坑村
990121100000 township 石岙镇
990121100201 village 高坑村
990121100202 village 下高坑村
990121100203 village 林家埭村
`)

// shelved builds a geocoder: the divisions above, and houses "unit street hamlet plate compound building" (- is none).
func shelved(t *testing.T, houses ...string) *Geocoder {
	t.Helper()
	var names []Name
	full := map[string]string{}
	for line := range strings.Lines(twoTowns) {
		f := strings.Fields(line)
		names = append(names, Name{Level: address.Level(f[1]), Code: planner.Code(f[0]), Name: f[2]})
		full[f[0]] = f[2]
	}
	s, ids := shelf{}, map[Entry]int64{}
	for _, line := range houses {
		f := strings.Split(line, " ")
		for i := range f {
			f[i] = strings.TrimPrefix(f[i], "-")
		}
		h := House{Unit: planner.Code(f[0]), Street: f[1], Hamlet: f[2], Plate: f[3], Compound: f[4], Building: f[5]}
		h.Text = full[f[0]] + f[1] + f[2] + f[3] + f[4] + f[5]
		h.ID = f[0] + h.Text
		for _, e := range EntriesOf(h, "") {
			number := e.Number
			e.Number = ""
			if ids[e] == 0 {
				ids[e] = int64(len(ids) + 1)
				name := e.Name
				if name == "" {
					name = full[f[0]]
				}
				names = append(names, Name{ID: ids[e], Level: e.Level, Code: e.Unit, Name: name})
			}
			s[Key{ids[e], number}] = append(s[Key{ids[e], number}], h)
		}
	}
	return &Geocoder{Build(names), s}
}

var county = []string{
	"990121001001 澄江弄 - 2号 - -", "990121001001 澄江弄 - 38号 - -", "990121001001 澄江弄 - 12-3号 - -", "990121001001 - - - 紫荆小区 1幢",
	"990121001004 澄江弄 - 4号 - -", "990121001004 钟楼弄 - 38号 - -", "990121001004 中山路 - 18号 广济名邸 1幢", "990121001004 中山路 - 18号 广济名邸 2幢",
	"990121001200 - - 248号 - -", "990121001200 - 平岭脚自然村 6号 - -", "990121001200 - 3组 7号 - -",
	"990121002003 仓桥中路 - 22号 - -", "990121002206 - - 109号 - -", "990121002207 - - 5号 - -", "990121100201 - - 5号 - -", "990121100201 - - 6号 - -",
	"990121001004 登科路 - 5号 - -", "990121001004 登科东路 - 5号 - -", "990121100203 - - 1237号 - -", "990121002003 澄江弄 - 2号 - -",
}

// Every kind of wrong or loose spelling that a person would read without asking.
func TestHousesAreFound(t *testing.T) {
	c := shelved(t, county...)
	for _, row := range [][2]string{
		{"海越省澜江市澄浦县澄阳街道城北社区澄江弄2号", "城北社区澄江弄2号"},
		{"澄阳街道澄江弄38号", "城北社区澄江弄38号"},
		{"澄浦县桥东弄社区澄江弄4号", "桥东弄社区澄江弄4号"},
		{"澄江弄4号", "桥东弄社区澄江弄4号"},
		{"海越省澜江市澄浦县澄阳街道城北社区澄江弄３８ 号", "城北社区澄江弄38号"},
		{"澄陽街道城北社區澄江弄三十八號", "城北社区澄江弄38号"},
		{"澄阳街道桥东弄钟楼弄38号", "桥东弄社区钟楼弄38号"},
		{"澄浦南渡街道龙山仓桥中路22号(村委会旁)", "龙山社区仓桥中路22号"},
		{"澄浦县南渡街道早宅村109号", "枣宅村109号"},
		{"澄浦县南渡街道宅枣村109号南侧", "枣宅村109号"},
		{"南渡镇枣宅村109号", "枣宅村109号"},
		{"澄浦县石岙乡高坑村5号", "高坑村5号"},
		{"澄浦县澄浦县南渡街道南渡街道高坑村5号", "高坑村5号"},
		{"澄浦县阳澄街道阳澄街道城北社区澄江弄2号", "城北社区澄江弄2号"},
		{"澄阳街道城北社区紫荆小区1-2-602", "城北社区紫荆小区1幢"},
		{"紫荆小区一号楼二单元602室", "城北社区紫荆小区1幢"},
		{"城北社区澄江弄12-3", "城北社区澄江弄12-3号"},
		{"城北社区澄江弄2-602", "城北社区澄江弄2号"},
		{"城北社区澄江弄38号之江大药房对面", "城北社区澄江弄38号"},
		{"茶渡村二百四十八号", "茶渡村248号"},
		{"茶渡村平嶺腳６號", "茶渡村平岭脚自然村6号"},
		{"澄陽街道茶渡村平岭脚村6号", "茶渡村平岭脚自然村6号"},
		{"澄阳街道茶渡村三组7号", "茶渡村3组7号"},
		{"林家埭村一千二百三十七号", "林家埭村1237号"},
		{"澄阳街道中山路18号广济名邸2幢301", "桥东弄社区中山路18号广济名邸2幢"},
		{"广济名邸2幢", "桥东弄社区中山路18号广济名邸2幢"},
		{"桥东弄社区登科东路5号", "桥东弄社区登科东路5号"},
		{"桥东弄社区登科路东5号", "桥东弄社区登科东路5号"},
		{"地址:澄浦县澄阳街道茶渡村248号", "茶渡村248号"},
	} {
		a := answer(t, c, row[0])
		if a.Status != Matched || !strings.HasSuffix(a.Place.Text, row[1]) || a.Place.Address == "" || a.Place.Score < 0.7 {
			t.Errorf("%s: %s %+v %v; want %s", row[0], a.Status, a.Place, a.Reasons, row[1])
		}
	}
}

// What a reader would ask back is asked back.
func TestNothingIsGuessed(t *testing.T) {
	c := shelved(t, county...)
	for _, row := range []struct {
		text, common string
		candidates   int
	}{
		{"澄浦县高坑村5号", "海越省澜江市澄浦县", 2},
		{"澄江弄2号", "海越省澜江市澄浦县", 2},
		{"高坑村", "海越省澜江市澄浦县", 2},
	} {
		a := answer(t, c, row.text)
		if a.Status != Ambiguous || len(a.Candidates) != row.candidates || a.Place == nil || a.Place.Text != row.common {
			t.Errorf("%s: %s, place %+v, %d candidates %v", row.text, a.Status, a.Place, len(a.Candidates), a.Candidates)
		}
	}
	for _, text := range []string{"", "   ", "杭州市", "18号", "(", strings.Repeat("城", 5000), "\xff\xfe", "https://example.com/?q=1"} {
		if a := answer(t, c, text); a.Status != Unmatched || a.Place != nil || len(a.Reasons) == 0 {
			t.Errorf("%.30q: %s %+v", text, a.Status, a.Place)
		}
	}
	for _, text := range []string{
		"杭州市西湖区北山街道城北社区澄江弄2号", // another city's community of the same name
		"南渡街道栗宅村109号",         // one of two characters is plainly wrong
		"城北社区澄江弄39号", "城北社区紫荆小区9幢", "城北社区鼓楼弄38号",
		"城北社区澄江弄12-5号", // another plate, no room
		"茶渡村新塘自然村248号",
	} {
		if a := answer(t, c, text); a.Status == Matched && a.Place.Address != "" {
			t.Errorf("%s: the house %s is a guess, score %.2f", text, a.Place.Text, a.Place.Score)
		}
	}
}

// Where no house is certain the deepest certain name is the answer, with the reason.
func TestDeepestCertainLevel(t *testing.T) {
	c := shelved(t, county...)
	for _, row := range []struct {
		text   string
		level  address.Level
		name   string
		reason string
	}{
		{"澄浦县", address.County, "澄浦县", ""},
		{"澄阳镇", address.Township, "澄阳街道", "former_name"},
		{"城北社区澄江弄39号", address.Street, "澄江弄", "house_not_found"},
		{"城北社区紫荆小区9幢", address.Compound, "紫荆小区", "house_not_found"},
		{"城北社区鼓楼弄38号", address.Village, "城北社区", "name_not_found"},
		{"石岙镇林家埭", address.Village, "林家埭村", "short_name"},
		{"石岙镇下高坑", address.Village, "下高坑村", "short_name"},
		{"南渡街道早宅村", address.Village, "枣宅村", "sound_alike"},
	} {
		a := answer(t, c, row.text)
		if a.Status != Matched || a.Place.Level != row.level || !strings.HasSuffix(a.Place.Text, row.name) || row.reason != "" && !hasReason(a, row.reason) {
			t.Errorf("%s: %s %+v %v", row.text, a.Status, a.Place, a.Reasons)
		}
	}
}

func TestAnswersStayInsideADivision(t *testing.T) {
	c := shelved(t, county...)
	got, err := c.Geocode(t.Context(), []string{"高坑村5号", "澄江弄2号", "澄浦县澄阳街道城北社区澄江弄2号"}, "990121002000")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"高坑村5号", "龙山社区澄江弄2号", ""} {
		if p := got[i].Place; want == "" && p != nil && p.Address != "" || want != "" && (p == nil || p.Text != want || p.Code[:9] != "990121002") {
			t.Errorf("%s: %+v, want %q", got[i].Text, p, want)
		}
	}
	if _, err := c.Geocode(t.Context(), nil, "110000000000"); planner.KindOf(err) != planner.NotFound {
		t.Errorf("a unit that is not there: %v", err)
	}
}

func answer(t *testing.T, c *Geocoder, text string) Answer {
	t.Helper()
	got, err := c.Geocode(t.Context(), []string{text}, "")
	if err != nil {
		t.Fatal(err)
	}
	return got[0]
}

func hasReason(a Answer, id string) bool {
	for _, r := range a.Reasons {
		if r.ID == id {
			return true
		}
	}
	return false
}

func TestFold(t *testing.T) {
	for _, row := range [][2]string{
		{"十号", "10号"}, {"一百零八号", "108号"}, {"一千二百三十七號", "1237号"}, {"廿三幢", "23幢"}, {"二百一十二室", "212室"}, {"三〇二室", "302室"}, {"两千号", "2000号"},
		{"八一路", "八一路"}, {"三里亭", "三里亭"}, {"五一新村", "五一新村"}, {"１２　号", "12号"}, {"百官街道", "百官街道"}, {"千岛湖镇", "千岛湖镇"}, {"三墩镇四号", "三墩镇4号"}, {"十十号", "十十号"},
	} {
		if got := string(fold(row[0])); got != row[1] {
			t.Errorf("%s is %s, want %s", row[0], got, row[1])
		}
	}
	for _, row := range [][2]string{{"128弄3号", "128-3"}, {"甲38号院", "甲38"}, {"12-3号", "12-3"}, {"85号之一", "85-1"}, {"三十号", "30"}, {"A座", "A"}, {"院内", ""}} {
		if got := numberKey(address.Element{Level: address.Plate, Text: row[0]}); got != row[1] {
			t.Errorf("%s is %q, want %q", row[0], got, row[1])
		}
	}
}

func FuzzGeocode(f *testing.F) {
	f.Add("澄浦县澄阳街道城北社区澄江弄2号")
	f.Add("一十百千零号12-3-602甲(对面")
	var c *Geocoder
	f.Fuzz(func(t *testing.T, text string) {
		if c == nil {
			c = shelved(t, county...)
		}
		if a := answer(t, c, text); a.Place != nil && (a.Place.Score < 0 || a.Place.Score > 1) || a.Status == Matched && a.Place == nil {
			t.Errorf("%q: %+v", text, a)
		}
	})
}
