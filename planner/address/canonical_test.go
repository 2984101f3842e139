package address

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		level      Level
		text, want string
	}{
		{Plate, "１２８号", "128号"}, {Plate, "二百一十二号", "212号"}, {Plate, "85-1号", "85-1号"}, {Plate, "126", "126号"}, {Plate, "12 號", "12号"},
		{Plate, "85号之一", "85号之一"}, {Building, "8栋", "8幢"}, {Building, "26#楼", "26幢"}, {Building, "6号楼", "6幢"}, {Building, "B座", "B座"},
		{Building, "b2", "B2幢"}, {Building, "十五幢", "15幢"}, {Entrance, "二单元", "2单元"}, {Entrance, "3", "3单元"}, {Floor, "三楼", "3层"},
		{Floor, "9F", "9层"}, {Floor, "负一层", "-1层"}, {Room, "三零二室", "302室"}, {Room, "1105-1106室", "1105-1106室"}, {Room, "602", "602室"},
		{Room, "廿二号", "22室"}, {Hamlet, "三村民小组", "3组"}, {Hamlet, "下垟自然村", "下垟自然村"}, {Village, "圣旨街社区居委会", "圣旨街社区"},
		{Village, "小顺村村民委员会", "小顺村"}, {Street, "文三路", "文三路"}, {Street, "長江路", "长江路"}, {Room, "地下室", "地下室"}, {Floor, "层", "层"},
	} {
		if got := (Element{Level: c.level, Text: c.text}).Canonical(); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.level, c.text, got, c.want)
		}
	}
}

func TestCanonicalIsIdempotent(t *testing.T) {
	words := rapid.SampledFrom([]string{"1", "12", "B", "三", "十", "百", "廿", "零", "号", "楼", "栋", "幢", "座", "单元", "层", "室", "房", "第", "负", "#", "-", "－", " ", "村", "委会",
		"居委会", "社区", "村民委员会", "小组", "號", "樓", "路", "之", "F", "两"})
	rapid.Check(t, func(t *rapid.T) {
		e := Element{Level: rapid.SampledFrom(Levels).Draw(t, "level")}
		for _, w := range rapid.SliceOfN(words, 0, 6).Draw(t, "words") {
			e.Text += w
		}
		once := e.Canonical()
		if twice := (Element{Level: e.Level, Text: once}).Canonical(); twice != once {
			t.Fatalf("%s %q: %q, then %q", e.Level, e.Text, once, twice)
		}
	})
}
