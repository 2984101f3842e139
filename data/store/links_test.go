package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// deliver imports a list as a county writes it.
func deliver(t *testing.T, pool *pgxpool.Pool, kind, rows string) ingest.Result {
	t.Helper()
	file := filepath.Join(t.TempDir(), kind+".csv")
	if rows[0] == '{' {
		file = strings.TrimSuffix(file, "csv") + "geojson"
	}
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := ingest.Import(t.Context(), pool, ingest.Options{Kind: kind, Files: []string{file}, CRS: "EPSG:4326"})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// smallCounty has two streets of one name.
func smallCounty(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	deliver(t, pool, "units", `区划代码,名称
990000000000,虚省
990100000000,虚州市
990121000000,澄浦县
990121001000,澄阳街道
990121001001,城北社区
990121002000,龙埠镇
990121002201,上塘村
`)
	deliver(t, pool, "addresses", `地址编码,标准地址,行政区代码,街路巷,门牌号,经度,纬度
h1,虚省虚州市澄浦县澄阳街道城北社区前街1号,990121001001,前街,1号,120.10,29.10
h2,虚省虚州市澄浦县澄阳街道城北社区前街2号,990121001001,前街,2号,120.101,29.10
h3,虚省虚州市澄浦县龙埠镇上塘村前街1号,990121002201,前街,1号,120.20,29.20
h4,虚省虚州市澄浦县龙埠镇上塘村后街7号,990121002201,后街,7号,120.21,29.20
`)
}

// shown is a facility as the ledger shows it now.
func shown(t *testing.T, pool *pgxpool.Pool, key string) (address, level, unit, at string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `SELECT coalesce(address_id, ''), coalesce(position_level, ''), coalesce(unit_code, ''), coalesce(ST_AsText(geom, 6), '') FROM facility WHERE key LIKE '%' || $1 AND to_version = open_version()`, key).
		Scan(&address, &level, &unit, &at); err != nil {
		t.Fatal(key, err)
	}
	return
}

const ledger = `设施编号,设施名称,服务类型,行政区代码,详细地址,床位数,经度,纬度
A,无坐标,日间照料中心,,澄阳街道前街2号,10,,
B,有坐标,日间照料中心,990121001001,前街2号(二楼),5,120.1011,29.1001
C,坐标远,日间照料中心,990121001001,澄浦县前街2号,5,120.15,29.1001
D,同名街道,日间照料中心,,前街1号,5,,
E,按行政区定,日间照料中心,990121002201,前街1号,5,,
F,按坐标定,日间照料中心,,前街1号,5,120.1002,29.1
G,行政区不符,日间照料中心,990121001001,龙埠镇后街7号,5,,
H,门牌不存在,日间照料中心,,龙埠镇后街99号,5,,
I,没有地址,日间照料中心,990121002201,,5,,
J,不明,日间照料中心,,别处,5,,
`

func TestFacilitiesAreLinkedToStandardAddresses(t *testing.T) {
	pool := datatest.Open(t)
	smallCounty(t, pool)
	deliver(t, pool, "facilities", ledger)
	g := New(pool).Geocoding()
	counts, err := g.Link(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if counts.Asked != 9 || counts.Linked != 4 || counts.Doubtful != 4 || counts.Unknown != 1 || counts.Version == 0 {
		t.Errorf("%+v", counts)
	}
	see := func(key, address, level, unit, at string) {
		t.Helper()
		if a, l, u, p := shown(t, pool, key); a != address || l != level || u != unit || p != at {
			t.Errorf("%s: %q %q %q %q, want %q %q %q %q", key, a, l, u, p, address, level, unit, at)
		}
	}
	see("A", "h2", "plate", "990121001001", "POINT(120.101 29.1)")
	see("B", "h2", "", "990121001001", "POINT(120.1011 29.1001)")
	see("C", "", "", "990121001001", "POINT(120.15 29.1001)")
	see("D", "", "", "", "")
	see("E", "h3", "plate", "990121002201", "POINT(120.2 29.2)")
	see("F", "h1", "", "990121001001", "POINT(120.1002 29.1)")
	see("G", "", "", "990121001001", "")
	see("H", "", "", "", "")
	why := map[string]string{}
	links, err := g.Links(t.Context(), []geocode.LinkState{geocode.Doubtful, geocode.Unknown}, "", 20, planner.DemoViewer)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		why[l.Facility] = l.Reasons[len(l.Reasons)-1].ID
	}
	for key, id := range map[string]string{"C": "far_from_position", "D": "several", "G": "other_unit", "H": "coarse", "J": "nothing_known"} {
		if why[key] != id {
			t.Errorf("%s is doubtful for %q, want %q", key, why[key], id)
		}
	}

	// Asked again, nothing changes; the same list again changes nothing either.
	if again, err := g.Link(t.Context()); err != nil || again.Asked != 0 || again.Version != 0 {
		t.Errorf("again: %+v %v", again, err)
	}
	if res := deliver(t, pool, "facilities", ledger); res.Changed+res.Added+res.Removed != 0 {
		t.Errorf("the same list changes %d, adds %d rows", res.Changed, res.Added)
	}
	// A corrected row comes without position: its link gives it again.
	deliver(t, pool, "facilities", strings.Replace(ledger, ",10,,", ",12,,", 1))
	see("A", "", "", "", "")
	if c, err := g.Link(t.Context()); err != nil || c.Version == 0 {
		t.Fatal(c, err)
	}
	see("A", "h2", "plate", "990121001001", "POINT(120.101 29.1)")

	// People decide: choose, reject, and take the rejection back.
	all := func(_, _ planner.Code) bool { return true }
	decide := func(key string, d geocode.Decision) {
		t.Helper()
		d.By = "li"
		if err := g.Decide(t.Context(), key, d, all); err != nil {
			t.Fatal(key, err)
		}
	}
	decide("D", geocode.Decision{State: geocode.Chosen, Choice: 2})
	see("D", "h3", "plate", "990121002201", "POINT(120.2 29.2)")
	decide("J", geocode.Decision{State: geocode.Chosen, Address: "h4"})
	see("J", "h4", "plate", "990121002201", "POINT(120.21 29.2)")
	decide("H", geocode.Decision{State: geocode.Accepted})
	see("H", "", "street", "990121002201", "POINT(120.21 29.2)")
	decide("A", geocode.Decision{State: geocode.Rejected, Note: "已搬迁"})
	see("A", "", "", "", "")
	decide("A", geocode.Decision{State: geocode.Accepted})
	see("A", "h2", "plate", "990121001001", "POINT(120.101 29.1)")
	for key, d := range map[string]geocode.Decision{"D": {State: geocode.Chosen, Address: "no such"}, "E": {State: geocode.Chosen, Choice: 9}, "J": {State: "maybe"}} {
		if err := g.Decide(t.Context(), key, d, all); planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s %+v: %v", key, d, err)
		}
	}
	if err := g.Decide(t.Context(), "D", geocode.Decision{State: geocode.Accepted}, func(_, _ planner.Code) bool { return false }); planner.KindOf(err) != planner.NotFound {
		t.Errorf("somebody who may not decides: %v", err)
	}

	// New addresses: the doubtful are asked again, decisions stand.
	deliver(t, pool, "addresses", "地址编码,标准地址,行政区代码,街路巷,门牌号,经度,纬度\nh5,虚省虚州市澄浦县龙埠镇上塘村前街9号,990121002201,前街,9号,120.22,29.2\n")
	if c, err := g.Link(t.Context()); err != nil || c.Asked != 5 {
		t.Fatalf("%+v %v", c, err)
	}
	see("D", "h3", "plate", "990121002201", "POINT(120.2 29.2)")
	links, err = g.Links(t.Context(), []geocode.LinkState{geocode.Accepted, geocode.Chosen}, "", 10, planner.DemoViewer)
	if err != nil || len(links) != 4 || links[0].By != "li" || links[0].Note != "" {
		t.Errorf("%+v %v", links, err)
	}
}
