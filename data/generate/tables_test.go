package generate

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
)

// The population of every village is given twice (resident, registered) for six
// age groups that lie within each other.
func TestPopulation(t *testing.T) {
	r := demo(t)
	units := r.units(t)
	count := map[string]map[string]float64{}
	for _, row := range r.table(t, "population.csv") {
		if units[row["行政区代码"]].level != "village" {
			t.Fatalf("people in %s", row["行政区代码"])
		}
		k := row["行政区代码"] + row["人口口径"]
		if count[k] == nil {
			count[k] = map[string]float64{}
		}
		count[k][row["年龄组"]] = number(t, row["人数"])
	}
	villages, people, old := 0, 0.0, 0.0
	for k, g := range count {
		if len(g) != 6 || g["80岁以上"] > g["65岁以上"] || g["65岁以上"] > g["60岁以上"] || g["60岁以上"]+g["0-17岁"] > g["合计"] || g["0-15岁"] > g["0-17岁"] {
			t.Errorf("%s: %v", k, g)
		}
		if strings.HasSuffix(k, "常住") {
			villages++
			people += g["合计"]
			old += g["60岁以上"]
		}
	}
	if villages*2 != len(count) || villages < 270 || people < 380_000 || people > 420_000 {
		t.Errorf("%d villages, %.0f residents", villages, people)
	}
	if s := old / people; s < 0.17 || s > 0.27 {
		t.Errorf("share of 60+ is %.3f", s)
	}
}

// Every address has a code of its own and lies inside the village it names.
func TestAddresses(t *testing.T) {
	r := demo(t)
	units := r.units(t)
	seen := map[string]bool{}
	n, out := 0, 0
	for _, file := range []string{"addresses_1.csv", "addresses_2_gb18030.csv"} {
		rows := r.table(t, file)
		if len(rows) < 10_000 {
			t.Errorf("%s has %d addresses", file, len(rows))
		}
		for _, row := range rows {
			n++
			if seen[row["地址编码"]] {
				t.Fatalf("address %s twice", row["地址编码"])
			}
			seen[row["地址编码"]] = true
			u := units[row["村社区代码"]]
			if u.level != "village" || u.name != row["村社区"] || units[u.parent].name != row["乡镇"] {
				t.Fatalf("address %s names %s %s", row["地址编码"], row["乡镇"], row["村社区"])
			}
			if want := row["省"] + row["市"] + row["县"] + row["乡镇"] + row["村社区"]; !strings.HasPrefix(row["标准地址"], want) {
				t.Fatalf("%q does not begin with %q", row["标准地址"], want)
			}
			if row["门牌号"] == "" && row["幢"] == "" {
				t.Fatalf("%s has neither number nor block", row["标准地址"])
			}
			if !inside(u.shape, orb.Point{number(t, row["经度"]), number(t, row["纬度"])}) {
				out++
			}
		}
	}
	if n < 90_000 || n > 110_000 || out > 0 {
		t.Errorf("%d addresses, %d outside their villages", n, out)
	}
}

func TestPlacesAndFlags(t *testing.T) {
	r := demo(t)
	units := r.units(t)
	kinds, seen, hamlets := map[string]int{}, map[string]bool{}, map[string]int{}
	for _, row := range r.table(t, "places.csv") {
		if seen[row["地名编码"]] || units[row["所在行政区代码"]].code == "" || row["罗马字母拼写"] == "" {
			t.Errorf("place %v", row)
		}
		seen[row["地名编码"]] = true
		kinds[row["地名类别"]]++
		if row["地名类别"] == "居民点" {
			u := units[row["所在行政区代码"]]
			hamlets[u.code]++
			if !inside(u.shape, orb.Point{number(t, row["经度"]), number(t, row["纬度"])}) {
				t.Errorf("%s lies outside %s", row["标准名称"], u.name)
			}
		}
	}
	if kinds["居民点"] < 600 || kinds["陆地水系"] < 3 || kinds["陆地地形"] < 1 {
		t.Errorf("places by kind: %v", kinds)
	}
	for code, u := range units {
		if u.level == "village" && code[9:] >= "200" && hamlets[code] == 0 {
			t.Errorf("%s has no settlement", u.name)
		}
	}
	flags := map[string]int{}
	for _, row := range r.table(t, "flags.csv") {
		if units[row["行政区代码"]].level != "village" || row["是否"] != "是" && row["是否"] != "否" {
			t.Errorf("flag %v", row)
		}
		flags[row["标识"]+row["是否"]]++
	}
	for _, k := range []string{"应建儿童之家是", "应建儿童之家否", "助餐需求是", "助餐需求否"} {
		if flags[k] < 20 {
			t.Errorf("flags: %v", flags)
		}
	}
}

// Facilities lie in the unit they name, share a place when they share a site
// id, and leave the gaps that the county is known for.
func TestFacilities(t *testing.T) {
	r := demo(t)
	units := r.units(t)
	f, err := excelize.OpenFile(filepath.Join(r.dir, "facilities.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	sites, seen := map[string]string{}, map[string]bool{}
	service, idle := map[string]int{}, 0
	burial := map[string]bool{}
	for _, row := range rows[1:] {
		get := func(h string) string {
			k, ok := col[h]
			if !ok {
				t.Fatalf("no column %s", h)
			}
			if k >= len(row) {
				return ""
			}
			return row[k]
		}
		id, status := get("设施编号"), get("运营状态")
		u := units[get("所在行政区代码")]
		if seen[id] || u.code == "" {
			t.Errorf("facility %s in %q", id, get("所在行政区代码"))
		}
		seen[id] = true
		if !inside(u.shape, orb.Point{number(t, get("经度")), number(t, get("纬度"))}) {
			t.Errorf("%s lies outside %s", get("设施名称"), u.name)
		}
		at := get("经度") + " " + get("纬度")
		if s, ok := sites[get("场所编号")]; ok && s != at {
			t.Errorf("site %s lies in two places", get("场所编号"))
		}
		sites[get("场所编号")] = at
		switch status {
		case "运营", "在建", "撤销":
		case "停用":
			if get("每周开放天数") != "0" {
				t.Errorf("%s is suspended and opens %s days", id, get("每周开放天数"))
			}
		default:
			t.Errorf("%s has status %q", id, status)
		}
		if a, b := get("启用日期"), get("停用日期"); b != "" && b < a {
			t.Errorf("%s closed %s before it opened %s", id, b, a)
		}
		for _, s := range strings.Split(get("服务类型"), "、") {
			service[s]++
			if s == "居家养老服务照料中心" && status == "停用" {
				idle++
			}
			if s == "节地生态安葬点" && status == "运营" {
				burial[u.code[:9]] = true
			}
		}
	}
	if n := len(rows) - 1; n < 540 || n > 660 {
		t.Errorf("%d facilities", n)
	}
	if service["居家养老服务照料中心"] < 205 || service["居家养老服务照料中心"] > 235 || idle < 25 || idle > 30 || service["养老机构"] != 16 || service["社会工作站"] != 15 || service["未保站"] != 15 {
		t.Errorf("services %v, %d day-care centres idle", service, idle)
	}
	for _, u := range units {
		if u.level == "township" && u.island && burial[u.code[:9]] {
			t.Errorf("the island township %s has an eco-burial site", u.name)
		}
	}
	if len(burial) < 9 || len(burial) > 13 {
		t.Errorf("%d of 15 townships have an eco-burial site", len(burial))
	}
}
