package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
)

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, pool *pgxpool.Pool, o ingest.Options) ingest.Result {
	t.Helper()
	r, err := ingest.Import(t.Context(), pool, o)
	if err != nil {
		t.Fatalf("%s: %v", o.Kind, err)
	}
	return r
}

// Ledgers, served areas, hamlets, empty dwellings and dates of validity go into one database, and a run
// of any day reads what held on it. What was refused stays with the version, for the run's list.
func TestLedgersAndDates(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, ingest.Options{Kind: "units", Files: []string{file(t, "units.csv", "区划代码,名称,设立日期,撤销日期\n990121,澄浦县,,\n990121101,石岙镇,,\n990121102,旧镇,,2026-01-01\n990121103,新镇,2026-01-01,\n990121101201,上坞村,,\n")}, CRS: "4490"})
	load(t, pool, ingest.Options{Kind: "facilities", Files: []string{file(t, "facilities.csv", "设施编号,设施名称,服务类型,行政区代码\nF1,上坞照料中心,照料中心,990121101201\n")}, CRS: "4490"})
	rejects := filepath.Join(t.TempDir(), "r.xlsx")
	r := load(t, pool, ingest.Options{Kind: "indicators", Rejects: rejects, Files: []string{file(t, "indicators.csv",
		"行政区代码,指标,数值,数据日期\n990121,低保年标准,13000,2024-12-31\n990121,低保年标准,14000,2026-06-30\nF1,公办,是,\n990121,乱写,1,\n990199,低保年标准,1,\n990121,慈善组织,-3,\n")}})
	if r.Added != 3 || r.Rejected != 3 {
		t.Errorf("indicators %+v", r)
	}
	load(t, pool, ingest.Options{Kind: "staff", Files: []string{file(t, "staff.csv", "行政区代码,人员类别,人数\n990121,持证养老护理员,40\n")}})
	load(t, pool, ingest.Options{Kind: "documents", Files: []string{file(t, "documents.csv", "行政区代码,文件类别,文号,批复日期\n990121,养老服务设施布局规划,澄政发〔2026〕1号,2026-02-01\n")}})
	r = load(t, pool, ingest.Options{Kind: "areas", Rejects: rejects, CRS: "4490", Files: []string{file(t, "areas.csv", "设施编号,方式,行政区代码,自然村,开始日期\nF1,上门,990121101201,下坑,2026-05-01\nF9,送餐,990121101201,,\nF1,送餐,,,\n")}})
	if r.Added != 1 || r.Rejected != 2 {
		t.Errorf("areas %+v", r)
	}
	load(t, pool, ingest.Options{Kind: "population", Files: []string{file(t, "population.csv", "行政区代码,自然村,人口口径,年龄组,人数\n990121101201,,常住,60岁以上,40\n990121101201,下坑,常住,60岁以上,15\n990121101201,空坑,常住,60岁以上,0\n")}, CRS: "4490"})
	load(t, pool, ingest.Options{Kind: "flags", Files: []string{file(t, "flags.csv", "行政区代码,标识,是否,生效日期,失效日期\n990121101201,应建儿童之家,是,2021-01-01,2026-01-01\n990121101201,应建儿童之家,否,2026-01-01,\n")}})
	load(t, pool, ingest.Options{Kind: "addresses", Files: []string{file(t, "addresses.csv", "地址编码,标准地址,行政区代码,居住系数,经度,纬度\nA,一号,990121101201,空置,121.1,28.6\nB,二号,990121101201,80%,121.1,28.6\nC,三号,990121101201,,121.1,28.6\n")}, CRS: "4490"})
	st := New(pool)
	snap, err := st.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read := func(day string) *run.Inputs {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		in, err := st.Inputs(t.Context(), run.Spec{DataVersion: snap.Version, AsOf: d})
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	for day, want := range map[string]struct {
		units, figures, areas, closed int
		allowance                     float64
		flag                          bool
	}{"2025-12-31": {4, 3, 0, 1, 13000, true}, "2026-11-28": {4, 4, 1, 1, 14000, false}} {
		in := read(day)
		allowance := 0.0
		for _, f := range in.Ledger {
			if f.Key == "subsistence_allowance" {
				allowance = f.Value
			}
		}
		if len(in.Units) != want.units || len(in.Ledger) != want.figures || len(in.Areas) != want.areas || len(in.Closed) != want.closed || allowance != want.allowance || len(in.Flags) != 1 || in.Flags[0].Value != want.flag {
			t.Errorf("%s: %d units, %d figures (%v), %d areas, %d closed, %v; want %+v", day, len(in.Units), len(in.Ledger), in.Ledger, len(in.Areas), len(in.Closed), in.Flags, want)
		}
		if len(in.Rejects) != 5 || in.Rejects[0].File != "indicators.csv" || in.Rejects[0].Reason.ZH == "" {
			t.Errorf("refused rows: %+v", in.Rejects)
		}
	}
	in := read("2026-11-28")
	if len(in.Population) != 3 || in.Ledger[0].Subject != "990121000000" || in.Areas[0].Hamlet != "下坑" || in.Closed[0].Name != "旧镇" {
		t.Errorf("%+v %+v", in.Population, in.Areas)
	}
	addresses, err := st.Addresses(t.Context(), run.Spec{DataVersion: snap.Version, AsOf: time.Now()}, planner.Code("990121000000"))
	if err != nil || len(addresses) != 3 || addresses[0].Empty != 1000 || addresses[1].Empty != 200 || addresses[2].Empty != 0 {
		t.Errorf("%+v, %v", addresses, err)
	}
	var people int
	if err := pool.QueryRow(t.Context(), `SELECT people FROM people_at($1)`, snap.Version).Scan(&people); err != nil || people != 40 {
		t.Errorf("the village has %d people, %v", people, err)
	}
}
