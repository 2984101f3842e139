package geocode

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

// Numbers makes the shelf complete house numbers.
func (s shelf) Numbers(_ context.Context, name int64, prefix string, limit int) (all []House, _ error) {
	for k, houses := range s {
		if k.Name == name && strings.HasPrefix(k.Number, prefix) {
			all = append(all, houses...)
		}
	}
	slices.SortFunc(all, func(a, b House) int { return strings.Compare(a.ID, b.ID) })
	return all[:min(len(all), limit)], nil
}

func TestSuggest(t *testing.T) {
	c := shelved(t, county...)
	for _, row := range []struct {
		typed, within, first string
		n                    int
	}{
		{"澄", "", "海越省澜江市澄浦县", 5},
		{"澄阳", "", "海越省澜江市澄浦县澄阳街道", 4},
		{"chengyang", "", "海越省澜江市澄浦县澄阳街道", 1},
		{"cyjd", "", "海越省澜江市澄浦县澄阳街道", 1},
		{"cjn", "", "海越省澜江市澄浦县澄阳街道城北社区澄江弄", 3},
		{"桥东弄cjn", "", "海越省澜江市澄浦县澄阳街道桥东弄社区澄江弄", 1},
		{"cjn", "990121002000", "海越省澜江市澄浦县南渡街道龙山社区澄江弄", 1},
		{"城北社区", "", "海越省澜江市澄浦县澄阳街道城北社区", 3},
		{"城北社区澄江弄", "", "海越省澜江市澄浦县澄阳街道城北社区澄江弄", 1},
		{"城北社区澄江弄3", "", "城北社区澄江弄38号", 1},
		{"紫荆小区1", "", "城北社区紫荆小区1幢", 1},
		{"石岙镇 高坑", "", "海越省澜江市澄浦县石岙镇高坑村", 1},
		{"xqz", "", "", 0},
		{"", "", "", 0},
	} {
		got, err := c.Suggest(t.Context(), row.typed, planner.Code(row.within), 20, c.Houses.(Numbers))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != row.n || row.n > 0 && got[0].Text != row.first {
			t.Errorf("%q: %d, %+v", row.typed, len(got), got)
		}
	}
	few, err := c.Suggest(t.Context(), "澄", "", 2, nil)
	if err != nil || len(few) != 2 {
		t.Errorf("%d of 2 wanted, %v", len(few), err)
	}
}

func TestAddressColumn(t *testing.T) {
	for _, row := range []struct {
		header string
		want   int
	}{{"编号,姓名,地址", 2}, {"地址编码,原始地址,问题类型", 1}, {"name,Address", 1}, {"地址编码,机构注册地址", 1}, {"编号,名称", -1}} {
		if got := AddressColumn(strings.Split(row.header, ",")); got != row.want {
			t.Errorf("%s: column %d, want %d", row.header, got, row.want)
		}
	}
}

func TestValuesFillTheColumns(t *testing.T) {
	c := shelved(t, county...)
	for text, want := range map[string]string{
		"城北社区澄江弄2号501室": "已匹配|门牌|0.91|城北社区澄江弄2号|990121001001城北社区澄江弄2号|990121001001|||501室|",
		"高坑村5号":         "待确认|县(市、区)|0.91|海越省澜江市澄浦县||990121000000||||有几处同样符合,请补充上级区划或村(社区);可能:高坑村5号;可能:高坑村5号",
		"不知道":           "未匹配|||||||||其中没有已知的地名",
	} {
		a := answer(t, c, text)
		if got := strings.Join(a.Values(), "|"); got != want {
			t.Errorf("%s: %s\nwant %s", text, got, want)
		}
	}
}
