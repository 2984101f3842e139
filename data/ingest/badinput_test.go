package ingest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
)

func TestWorkbooksThatAreNone(t *testing.T) {
	for name, want := range map[string]struct{ content, text string }{
		"old.xlsx":   {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), ".xls"},
		"web.xlsx":   {"\uFEFF<html><table><tr><td>编号</td></tr></table></html>", "HTML"},
		"text.xlsx":  {"编号,名称\n1,x\n", "不是 XLSX"},
		"empty.xlsx": {"", "空的"},
		"list.xls":   {"x", ".xlsx"}, "list.et": {"x", ".xlsx"},
	} {
		if _, _, err := all(t, file(t, name, want.content)); planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), want.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A heading of two rows with merged cells, in a workbook and as CSV that was made of it.
func TestHeadingOfTwoRows(t *testing.T) {
	pool := datatest.Open(t)
	book := excelize.NewFile()
	defer book.Close()
	for at, cells := range map[string][]any{"A1": {"某县地名登记表"}, "A2": {"地名编码", "标准名称", "坐标", nil, "别名"}, "A3": {nil, nil, "经度", "纬度"}, "A4": {"M1", "下村", "121.4", 28.6, "老村"}} {
		if err := book.SetSheetRow("Sheet1", at, &cells); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "D2"}, {"E2", "E3"}} {
		if err := book.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "two.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	text := file(t, "two.csv", "某县地名登记表,,,,\n地名编码,标准名称,坐标,,别名\n,,经度,纬度,\nM2,上村,121.4,28.6,\n")
	for _, f := range []string{path, text} {
		if r := load(t, pool, Options{Kind: "places", Files: []string{f}, CRS: "4490"}); r.Added != 1 || r.Read != 1 {
			t.Errorf("%s: %+v", filepath.Base(f), r)
		}
	}
	if n := number(t, pool, `SELECT count(*) FROM place WHERE ST_X(geom) = 121.4 AND name IN ('上村', '下村')`); n != 2 {
		t.Errorf("%d places", n)
	}
}

// What spreadsheets do to codes, dates and numbers.
func TestWhatSpreadsheetsDo(t *testing.T) {
	pool := datatest.Open(t)
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	path := file(t, "f.csv", "\uFEFF"+facilityHeader+
		"F1,甲,,敬老院,9.90121101201E+11,运营,,45292,,\"1,200\",,121.41,28.61\n"+ // all digits are there; a day number; a number as text
		"F2,乙,,敬老院,9.90121E+11,运营,,,,,,121.41,28.61\n"+ // its last digits are gone
		"3.30106E+11,丙,,敬老院,990121101201,运营,,,,,,121.41,28.61\n"+
		"'F4,丁,,敬老院,'990121101201,运营,,2024年3月,,12张,,121.41,28.61\n")
	r := load(t, pool, Options{Kind: "facilities", Files: []string{path}, CRS: "4490"})
	if r.Added != 2 || r.Rejected != 2 {
		t.Errorf("%+v", r)
	}
	if n := number(t, pool, `SELECT count(*) FROM facility WHERE (key, unit_code, opened, beds) IN (('F1', '990121101201', '2024-01-01', 1200), ('F4', '990121101201', '2024-03-01', 12))`); n != 2 {
		t.Errorf("%d facilities are as meant", n)
	}
	wide := "地名编码,标准名称" + strings.Repeat(",x", 0)
	for i := range 298 {
		wide += fmt.Sprintf(",附加%d", i)
	}
	if r := load(t, pool, Options{Kind: "places", Files: []string{file(t, "wide.csv", wide+"\nW1,村"+strings.Repeat(",1", 298)+"\n")}}); r.Added != 1 {
		t.Errorf("300 columns: %+v", r)
	}
	refused(t, pool, Options{Kind: "places", Files: []string{file(t, "twice.csv", "地名编码,标准名称,标准名称\n1,a,b\n")}}, "出现两次")
	refused(t, pool, Options{Kind: "places", Files: []string{file(t, "nul.csv", "地名编码,标准名称\n1,a\x00b\n")}}, "空字节")
}

// One line of a gigabyte is refused where it begins to be too long; it is never held.
func TestLineOfAGigabyte(t *testing.T) {
	pool := datatest.Open(t)
	path := filepath.Join(t.TempDir(), "line.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	_, _ = w.WriteString("地名编码,标准名称\nP1,村\nP2,")
	block := strings.Repeat("y", 1<<20)
	for range 1 << 10 {
		_, _ = w.WriteString(block)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	refused(t, pool, Options{Kind: "places", Files: []string{path}}, "第3行")
	runtime.ReadMemStats(&after)
	if held := int64(after.Sys) - int64(before.Sys); held > 256<<20 {
		t.Errorf("%d MiB more from the system", held>>20)
	}
}

// The program is killed while it stages; the next one goes on behind what was committed.
func TestAKilledImportGoesOn(t *testing.T) {
	if url := os.Getenv("LIFECIRCLE_TEST_KILL"); url != "" { // the one that is killed
		pool, err := data.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Import(context.Background(), pool, Options{Kind: "addresses", Files: []string{os.Getenv("LIFECIRCLE_TEST_FILE")}, CRS: "4490", ChunkRows: 100, Progress: func(Progress) { time.Sleep(20 * time.Millisecond) }})
		t.Fatal("it ended by itself: ", err)
	}
	url := datatest.URL(t)
	pool, err := data.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	load(t, pool, Options{Kind: "units", Files: []string{villages(t)}, CRS: "EPSG:4490"})
	var b strings.Builder
	b.WriteString("地址编码,标准地址,村社区代码,门牌号,经度,纬度\n")
	for i := range 20000 {
		fmt.Fprintf(&b, "A%05d,澄浦县镇村%d号,990121101201,%d号,121.41,28.61\n", i%19990, i, i) // ten ids are there twice, far apart
	}
	path := file(t, "a.csv", b.String())
	child := exec.Command(os.Args[0], "-test.run", "^TestAKilledImportGoesOn$")
	child.Env = append(os.Environ(), "LIFECIRCLE_TEST_KILL="+url, "LIFECIRCLE_TEST_FILE="+path)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	staged := func() (n int) {
		if err := pool.QueryRow(t.Context(), `SELECT coalesce(max(rows_done), 0) FROM import_job`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for end := time.Now().Add(2 * time.Minute); staged() < 1000; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is staged")
		}
	}
	if err := child.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	done := staged()
	o := Options{Kind: "addresses", Files: []string{path}, CRS: "4490", ChunkRows: 1000}
	first := int64(0)
	o.Progress = func(p Progress) {
		if first == 0 {
			first = p.Rows
		}
	}
	var r Result
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) { // until the server has seen that the other is gone
		if r, err = Import(t.Context(), pool, o); planner.KindOf(err) != planner.Conflict || time.Now().After(end) {
			break
		}
	}
	if err != nil || r.Added != 19990 || r.Rejected != 10 || r.Read != 20000 {
		t.Errorf("%+v, %v", r, err)
	}
	if done < 1000 || done >= 20000 || first <= int64(done) {
		t.Errorf("%d rows were staged when it was killed; the next began by %d", done, first)
	}
	if n := number(t, pool, `SELECT count(DISTINCT serial) FROM address WHERE unit_code = '990121101201'`); n != 19990 {
		t.Errorf("%d different serials", n)
	}
}
