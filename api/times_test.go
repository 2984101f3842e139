package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/planner/layer"
)

const threePlaces = `{"sources":["07",[120.51,29.1],[1,1]],"targets":[[120.5,29.1],"03",[2,2]],"profile":"elder_60_69","minutes":30}`

func postTimes(t *testing.T, accept, body string) (string, string) {
	t.Helper()
	w := visit(appServer(&memory{latest: layer.Snapshot{Version: 2, Run: 3}}), "POST", "/api/v1/travel-times", "", body, "Accept", accept)
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", accept, w.Code, w.Body)
	}
	return w.Body.String(), w.Header().Get("Content-Type")
}

// The three forms of an answer say the same: pairs, and places without a street.
func TestFormsOfTimes(t *testing.T) {
	text, media := postTimes(t, "application/json", threePlaces)
	var matrix struct {
		Milliseconds [][]*int64
		OffNetwork   struct {
			Sources, Targets []struct {
				Index  int
				Reason string
			}
		} `json:"off_network"`
	}
	if err := json.Unmarshal([]byte(text), &matrix); err != nil || media != "application/json" || len(matrix.Milliseconds) != 3 {
		t.Fatalf("%v in %s %s", err, media, text)
	}
	if off := matrix.OffNetwork; len(off.Sources) != 1 || off.Sources[0].Index != 2 || len(off.Targets) != 1 || off.Targets[0].Reason != "no_network" {
		t.Errorf("off the network: %+v", off)
	}
	want := map[string]bool{}
	for i, row := range matrix.Milliseconds {
		for j, ms := range row {
			if ms != nil {
				want[fmt.Sprintf("%d-%d-%d", i, j, *ms)] = true
			}
		}
	}
	if len(want) != 4 { // two sources, two targets
		t.Errorf("%v", want)
	}
	text, media = postTimes(t, "application/x-ndjson", threePlaces)
	off, got := 0, 0
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var row struct {
			Source, Target, Milliseconds *int64
			TargetFacility               string `json:"target_facility"`
			Reason                       string
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || media != "application/x-ndjson" {
			t.Fatalf("%v in %q", err, line)
		}
		if row.Reason != "" {
			off++
			continue
		}
		if got++; !want[fmt.Sprintf("%d-%d-%d", *row.Source, *row.Target, *row.Milliseconds)] || (*row.Target == 1) != (row.TargetFacility == "03") {
			t.Errorf("%s is not in the matrix", line)
		}
	}
	if off != 2 || got != 4 {
		t.Errorf("%d pairs and %d off the network in %s", got, off, text)
	}
	text, media = postTimes(t, "text/csv;q=0.9, application/json;q=0", threePlaces)
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(records) != 1+2+4 || !strings.HasPrefix(media, "text/csv") {
		t.Fatalf("%v in %s", err, text)
	}
	for _, r := range records[1:] {
		if r[5] == "" && !want[r[0]+"-"+r[2]+"-"+r[4]] {
			t.Errorf("%v is not in the matrix", r)
		}
	}
	if w := visit(appServer(&memory{latest: layer.Snapshot{Version: 2}}), "POST", "/api/v1/travel-times", "", threePlaces, "Accept", "image/png"); w.Code != http.StatusNotAcceptable {
		t.Errorf("as a picture: %d", w.Code)
	}
	if w := visit(appServer(&memory{latest: layer.Snapshot{Version: 2}}), "POST", "/api/v1/travel-times", "", `{"sources":[`+strings.Repeat("[1,1],", 2<<20)+`[1,1]]}`); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("12 MB: %d", w.Code)
	}
}

// The bytes of an answer do not depend on the number of processors that worked on it.
func TestTimesDoNotShowTheWorkers(t *testing.T) {
	var places []string
	for i := range 150 {
		places = append(places, fmt.Sprintf("[%.5f,29.1]", 120.5+float64(i*37%150)/7500))
	}
	all := strings.Join(places, ",")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	answers := map[string]bool{}
	for _, workers := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(workers)
		text, _ := postTimes(t, "application/x-ndjson", `{"sources":[`+all+`],"targets":[`+all+`],"minutes":10}`)
		answers[text] = true
		if strings.Count(text, "\n") < 5000 {
			t.Fatalf("%d pairs", strings.Count(text, "\n"))
		}
	}
	if len(answers) != 1 {
		t.Errorf("%d different answers", len(answers))
	}
}

// A long answer flows in parts, and is whole: 100 places by 12 minutes.
func TestLongIsochronesFlow(t *testing.T) {
	s := httptest.NewServer(appServer(&memory{latest: layer.Snapshot{Version: 2, Run: 3}}))
	defer s.Close()
	for union, want := range map[string]int{"false": 100 * 12, "true": 12} {
		var places []string
		for i := range 100 {
			places = append(places, fmt.Sprintf("[%.4f,29.1]", 120.5+float64(i)/5000))
		}
		body := `{"points":[` + strings.Join(places, ",") + `],"minutes":[1,2,3,4,5,6,7,8,9,10,11,12],"profile":"frail","union":` + union + `}`
		answer, err := s.Client().Post(s.URL+"/api/v1/isochrones", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		var collection struct{ Features []struct{ Type string } }
		if err == nil {
			err = json.Unmarshal(text, &collection)
		}
		if err != nil || len(collection.Features) != want || union == "false" && len(text) < 512<<10 {
			t.Errorf("union=%s: %d features of %d in %d bytes: %v", union, len(collection.Features), want, len(text), err)
		}
	}
}

// A reader who goes away ends the search, a reader who waits holds it: many pairs are never in memory.
func TestReadersOfTimes(t *testing.T) {
	s := httptest.NewServer(appServer(&memory{latest: layer.Snapshot{Version: 2, Run: 3}}))
	defer s.Close()
	place := strings.Repeat("[120.51,29.1],", 9_999) + "[120.51,29.1]"
	body := `{"sources":[` + strings.Repeat("[120.51,29.1],", 999) + `[120.51,29.1]],"targets":[` + place + `]}` // 10 million pairs
	ctx, leave := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "POST", s.URL+"/api/v1/travel-times", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/x-ndjson")
	before := runtime.NumGoroutine()
	answer, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || !strings.HasPrefix(line, `{"source":0,"target":0,"milliseconds":0}`) {
		t.Fatalf("%q %v", line, err)
	}
	time.Sleep(200 * time.Millisecond) // the search runs into the full connection
	var held runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&held)
	if held.HeapAlloc > 200<<20 {
		t.Errorf("%d MB are held for a reader who waits", held.HeapAlloc>>20)
	}
	leave()
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	for wait := time.Now(); runtime.NumGoroutine() > before+2; time.Sleep(10 * time.Millisecond) {
		if time.Since(wait) > 20*time.Second {
			t.Fatalf("%d goroutines run on for a reader who went away, %d before", runtime.NumGoroutine(), before)
		}
	}
}
