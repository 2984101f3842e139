package workbook

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/ledger"
	"github.com/lifecircle/lifecircle/planner/run"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }

// published is a city of two counties with a run: 12,000 and 8,000 elders, of whom 9,000 and 4,000 walk.
//
//	甲县 990121 (石岙镇 101, 上坞村 201): 12,000: walk 9,000, ride 2,000, home service 400, uncovered 600 → 75.0 %
//	乙县 990122: 8,000: walk 4,000, ride 4,000 → 50.0 %
//	the city: 20,000: walk 13,000 → 65.0 %, the sum of its parts
func published(t *testing.T) (Writer, *pgxpool.Pool, int64) {
	t.Helper()
	pool := datatest.Open(t)
	_, err := pool.Exec(t.Context(), `
		INSERT INTO data_version (kind, source) VALUES ('units', 't');
		INSERT INTO unit (source, key, from_version, name, level, parent_code, digest) VALUES
		 ('t', '990000000000', 1, '纸省', 1, NULL, ''), ('t', '990100000000', 1, '纸市', 2, '990000000000', ''), ('t', '990121000000', 1, '甲县', 3, '990100000000', ''), ('t', '990122000000', 1, '乙县', 3, '990100000000', ''),
		 ('t', '990121101000', 1, '石岙镇', 4, '990121000000', ''), ('t', '990121101201', 1, '上坞村', 5, '990121101000', '')`)
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(pool)
	spec := run.Spec{Name: "试算", DataVersion: 1, AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}
	id, err := st.Begin(t.Context(), spec, "", false)
	if err != nil {
		t.Fatal(err)
	}
	res := &run.Result{Digest: "d1g3st", Engine: run.Engine}
	cover := func(u planner.Code, name string, level planner.Level, classes map[string]int) {
		total := 0
		for _, n := range classes {
			total += n
		}
		for _, c := range planner.Classes {
			res.Coverage = append(res.Coverage, run.Coverage{Unit: u, Name: name, Level: level, Standard: "EL-07", Group: "60+", Basis: "resident", Profile: "elder_60_69", Minutes: 15, Class: c.ID, Total: total, People: classes[c.ID], Verdict: "tracked"})
		}
	}
	one, two := map[string]int{"walk": 9000, "ride": 2000, "home_service": 400, "uncovered": 600}, map[string]int{"walk": 4000, "ride": 4000}
	cover("990121101201", "上坞村", planner.Village, one)
	cover("990121101000", "石岙镇", planner.Township, one)
	cover("990121000000", "甲县", planner.County, one)
	cover("990122000000", "乙县", planner.County, two)
	cover("990100000000", "纸市", planner.Prefecture, map[string]int{"walk": 13000, "ride": 6000, "home_service": 400, "uncovered": 600})
	v := func(u planner.Code, level planner.Level, part, whole int64, label string) {
		share := float64(part) / float64(whole)
		res.Verdicts = append(res.Verdicts, run.Verdict{Standard: "GV-05", Unit: u, Level: level, Verdict: "not_met", Value: &share, Numerator: part, Denominator: whole, Text: planner.Text{ZH: label}, Reason: planner.Text{ZH: "理由"}})
	}
	v("990100000000", planner.Prefecture, 14, 17, "未达标(差3个)")
	v("990121000000", planner.County, 9, 10, "未达标(差1个)")
	v("990122000000", planner.County, 5, 7, "未达标(差2个)")
	v("990121101000", planner.Township, 0, 1, "未达标(差1个)")
	minutes := 27.4
	res.Gaps = []run.Gap{
		{ID: "EL-07.990121101201.下坑", Standard: "EL-07", Unit: "990121101201", Name: "上坞村", Hamlet: "下坑", Kind: "walk_time", Group: "60+", People: 600, People80: 90, NearestName: "溪口村照料中心", NearestStatus: "operating", Minutes: &minutes, Rank: 1, Reason: planner.Text{ZH: "=下坑"}, Measure: "增设服务点", Area: "EL-07.990121101201.下坑"},
		{ID: "CO-01.990121101000.", Standard: "CO-01", Unit: "990121101000", Name: "石岙镇", Kind: "unmerged", Rank: 1, Reason: planner.Text{ZH: "单独设置"}, Measure: "并入社工站"},
	}
	res.Areas = []run.GapArea{{ID: "EL-07.990121101201.下坑", Standard: "EL-07", Unit: "990121101000", Name: "石岙镇下坑片区", People: 600, People80: 90, Settlements: 1, Measure: "增设服务点"}}
	res.Options = []run.Option{{ID: "reopen.EL-07.F", Standard: "EL-07", Kind: "reopen", Unit: "990121101201", Name: "上坞照料中心", Facility: "F", People: 500, Cost: 10, Rank: 1}}
	res.Bands = []run.Band{{Standard: "EL-07", Unit: "990121000000", Level: planner.County, Profile: "adult", People: 10000, Total: 12000}, {Standard: "EL-07", Unit: "990121000000", Level: planner.County, Profile: "frail", People: 6000, Total: 12000}}
	res.Quality = []run.QualityRow{{Kind: "rejected_row", Subject: "facilities 设施.xlsx 7", Text: planner.Text{ZH: "设施.xlsx第7行:护理型床位数(9)多于床位数(5)"}}, {Kind: "two_counties", Subject: "F", Unit: "990121101201", Text: planner.Text{ZH: "登记在甲县,坐标却在乙县"}}}
	if err := st.Publish(t.Context(), id, res); err != nil {
		t.Fatal(err)
	}
	return Writer{st}, pool, id
}

func written(t *testing.T, x Writer, v planner.Viewer, id int64, template io.Reader) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := x.Workbook(t.Context(), v, id, template, &out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func line(t *testing.T, f *excelize.File, sheet string, row int) string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil || row > len(rows) {
		t.Fatalf("%s has %d rows, %v", sheet, len(rows), err)
	}
	return strings.Join(rows[row-1], "|")
}

// Every sheet is there with its heads, print area and foot; numbers are numbers; the city is the sum of its counties.
func TestWorkbook(t *testing.T) {
	x, _, id := published(t)
	f := written(t, x, planner.DemoViewer, id, nil)
	if got, want := strings.Join(f.GetSheetList(), " "), "汇总 分县指标 生活圈分县 分乡镇 缺口清单 整合归并清单 缺口片区 启用还是新建 特殊区域 口径 数据质量"; got != want {
		t.Errorf("sheets %s", got)
	}
	for _, c := range []struct {
		sheet string
		row   int
		want  string
	}{
		{"汇总", 1, "纸市民政事业高质量发展指标测算汇总表(截至2025年12月31日)"},
		{"汇总", 2, "纸市常住60岁以上老人20,000人:步行15分钟可达13,000人(65.0%),乘车15分钟可达6,000人(30.0%),仅上门服务400人(2.0%),未覆盖600人(3.0%),涉及1个乡镇1个村。截至2025年12月31日。"},
		{"生活圈分县", 4, "纸市|合计|"},
		{"分县指标", 4, "GV-05|乡镇(街道)社会工作站全覆盖|纸市|合计|14|17|82.4%|100.0%|未达标(差3个)|理由"},
		{"分县指标", 5, "GV-05|乡镇(街道)社会工作站全覆盖|纸市|甲县|9|10|90.0%|100.0%|未达标(差1个)|理由"},
		{"分乡镇", 6, "纸市|甲县|石岙镇|12,000|9,000|75.0%|2,000|16.7%|400|600|5.0%|1|0"},
		{"缺口清单", 3, "1|石岙镇|||应并未并|12,000|||||"},
		{"缺口清单", 4, "2|石岙镇|上坞村|下坑|步行超时|600|90|溪口村照料中心|运营|27.4||'=下坑|增设服务点|||待核实||EL-07.990121101201.下坑"},
		{"整合归并清单", 3, "1|石岙镇||单独设置|并入社工站|||待核实|CO-01.990121101000."},
		{"缺口片区", 3, "1|甲县|石岙镇下坑片区|600|90|1|增设服务点"},
		{"启用还是新建", 4, "1|启用停用点|甲县|上坞照料中心|500|10.0|50.0"},
		{"数据质量", 3, "1|导入时退回|facilities 设施.xlsx 7||设施.xlsx第7行"},
		{"特殊区域", 3, "||山区26县|0|||||本次范围内没有名单中的县"},
		{"口径", 3, "EL-01|养老机构护理型床位占比|beds_in_use|operating|operating|否|"},
	} {
		got := line(t, f, c.sheet, c.row)
		if c.sheet == "生活圈分县" {
			got = line(t, f, c.sheet, 3) + "\n" + line(t, f, c.sheet, 4)
			c.want = "纸市|合计|20,000|13,000|65.0%|6,000|30.0%|400|600|3.0%|1"
			got = got[strings.Index(got, "纸市"):]
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s row %d:\n%s\nwant\n%s", c.sheet, c.row, got, c.want)
		}
	}
	if kind, err := f.GetCellType("缺口清单", "F4"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("people are %v, %v", kind, err)
	}
	areas := map[string]bool{}
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Area" {
			areas[n.Scope] = true
		}
	}
	for _, s := range f.GetSheetList() {
		if !areas[s] {
			t.Errorf("%s has no print area", s)
		}
		rows, err := f.GetRows(s)
		if err != nil || !strings.HasPrefix(rows[len(rows)-1][0], "填表人:") {
			t.Errorf("%s has no foot: %v", s, err)
		}
	}
	if size, err := f.GetPageLayout("缺口清单"); err != nil || *size.Size != 8 || *size.Orientation != "landscape" || *size.FitToWidth != 1 {
		t.Errorf("the page: %+v, %v", size, err)
	}
	merged, err := f.GetMergeCells("生活圈分县")
	if err != nil || len(merged) < 8 {
		t.Errorf("%d merged heads, %v", len(merged), err)
	}
}

// A county sees itself; the public sees no counts of a withheld unit, and no list of the data's faults.
func TestWorkbookOfAViewer(t *testing.T) {
	x, pool, id := published(t)
	f := written(t, x, planner.Viewer{Role: "county_editor", Prefix: "990121", Class: planner.Full}, id, nil)
	if got := line(t, f, "汇总", 2); !strings.HasPrefix(got, "甲县常住60岁以上老人12,000人") {
		t.Errorf("%s", got)
	}
	if got := line(t, f, "汇总", 3); got != "步行可达率随口径在50.0%至83.3%之间。" {
		t.Errorf("the band: %s", got)
	}
	for _, s := range f.GetSheetList() {
		rows, err := f.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(rows); strings.Contains(text, "乙县") && s != "数据质量" || strings.Contains(text, "第7行") {
			t.Errorf("%s tells of the county next door", s)
		}
	}
	if _, err := pool.Exec(t.Context(), `INSERT INTO withheld VALUES ('990121000000'), ('990121101000'), ('990121101201') ON CONFLICT DO NOTHING; INSERT INTO access_setting VALUES ('public_layers', '["units", "coverage", "gaps"]')`); err != nil {
		t.Fatal(err)
	}
	f = written(t, x, planner.Viewer{Role: "public", Layers: "units,coverage,gaps", Class: planner.Suppressed}, id, nil)
	for _, s := range f.GetSheetList() {
		rows, err := f.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(rows); strings.Contains(text, "12,000") || strings.Contains(text, "坐标却在") || strings.Contains(text, "9,000") {
			t.Errorf("%s shows the public what is withheld: %s", s, text)
		}
	}
	if err := x.Workbook(t.Context(), planner.DemoViewer, 99, nil, io.Discard); planner.KindOf(err) != planner.NotFound {
		t.Errorf("a run that is not there: %v", err)
	}
}

// A user's own workbook: named cells are filled, their formats and all else stay.
func TestTemplate(t *testing.T) {
	x, _, id := published(t)
	own := excelize.NewFile()
	style, err := own.NewStyle(&excelize.Style{NumFmt: 10})
	if err != nil {
		t.Fatal(err)
	}
	if err := own.SetSheetName("Sheet1", "我们的'表"); err != nil {
		t.Fatal(err)
	}
	for name, cell := range map[string]string{"headline": "$A$1", "value_GV_05": "$B$2", "value_GV_05_990121": "$B$3", "verdict_GV_05": "$C$2", "people_walk": "$D$2", "people_total_990122": "$D$3", "table_gaps": "$A$10", "as_of": "$E$1", "something": "$F$1"} {
		if err := own.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: "'我们的''表'!" + cell}); err != nil {
			t.Fatal(err)
		}
	}
	if err := own.SetCellStyle("我们的'表", "B2", "B3", style); err != nil {
		t.Fatal(err)
	}
	if err := own.SetCellValue("我们的'表", "F1", "本单位"); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := own.Write(&file); err != nil {
		t.Fatal(err)
	}
	f := written(t, x, planner.DemoViewer, id, bytes.NewReader(file.Bytes()))
	for cell, want := range map[string]string{"B2": "82.35%", "B3": "90.00%", "C2": "未达标(差3个)", "D2": "13000", "D3": "8000", "E1": "2025年12月31日", "F1": "本单位", "A10": "1", "R11": "EL-07.990121101201.下坑"} {
		if got, err := f.GetCellValue("我们的'表", cell); err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", cell, got, want, err)
		}
	}
	for what, template := range map[string]string{"no workbook": "x", "nothing": ""} {
		if err := x.Workbook(t.Context(), planner.DemoViewer, id, strings.NewReader(template), io.Discard); planner.KindOf(err) != planner.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A list of 25,000 gaps streams: rows are not kept in memory, and all come out.
func TestLongListStreams(t *testing.T) {
	var out bytes.Buffer
	const gaps = 25_000
	err := GapList(&out, "纸省", time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Foot{}, func(each func(ledger.Row) error) error {
		for i := range gaps {
			if err := each(ledger.Row{ID: fmt.Sprintf("EL-07.9901%08d.", i), Town: "石岙镇", Village: "上坞村", Kind: "walk_time", People: i, Reason: planner.Text{ZH: "步行到最近的溪口村照料中心需27分钟,超出12分钟。"}, Said: ledger.Said{State: "to_verify"}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if id, err := f.GetCellValue("缺口清单", fmt.Sprintf("R%d", gaps+2)); err != nil || id != "EL-07.990100024999." {
		t.Errorf("the last row is %q, %v", id, err)
	}
}

// A report comes back: its run and its figures are read; any other file is none.
func TestReportComesBack(t *testing.T) {
	x, _, id := published(t)
	var out bytes.Buffer
	if err := x.Workbook(t.Context(), planner.DemoViewer, id, nil, &out); err != nil {
		t.Fatal(err)
	}
	r, ok, err := ReadReport(bytes.NewReader(out.Bytes()))
	want := []ReportRow{{4, "GV-05", "纸市", "合计", 14, 17}, {5, "GV-05", "纸市", "甲县", 9, 10}, {6, "GV-05", "纸市", "乙县", 5, 7}}
	if err != nil || !ok || r.Run != id || !slices.Equal(r.Rows, want) {
		t.Errorf("%+v, %v, %v", r, ok, err)
	}
	if _, ok, err := ReadReport(strings.NewReader("a,b")); ok || err != nil {
		t.Errorf("a list: %v, %v", ok, err)
	}
}
