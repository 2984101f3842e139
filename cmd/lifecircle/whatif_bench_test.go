package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkWhatIfOverHTTP drags a facility of the demo county, with another closed: one question for each place, over loopback.
// "jump" shares no edit with the question before. Percentiles in milliseconds; first is the first question, which reads and searches.
func BenchmarkWhatIfOverHTTP(b *testing.B) {
	dir, err := os.MkdirTemp("", "lifecircle-whatif") // not b.TempDir: PostgreSQL's own user must get in
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	told, tell := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, []string{"up", "--data-dir", dir, "--listen", "127.0.0.1:0"}, tell, io.Discard)
		tell.Close()
		ended <- code
	}()
	defer func() { stop(); <-ended }()
	url := ""
	for line := make([]byte, 1<<12); url == ""; {
		n, err := told.Read(line)
		if err != nil {
			b.Fatal(err)
		}
		if _, at, ok := strings.Cut(string(line[:n]), "ready "); ok {
			url = strings.TrimSpace(at)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, told) }()
	ask := func(body string) time.Duration {
		start := time.Now()
		answer, err := http.Post(url+"api/v1/whatif", "application/json", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if text, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d %s %v", body, answer.StatusCode, text, err)
		}
		return time.Since(start)
	}
	first := ask(`{}`)
	answer, err := http.Get(url + "layers/facilities.geojson")
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var layer struct {
		Features []struct {
			Geometry   struct{ Coordinates [2]float64 }
			Properties struct {
				ID       string `json:"facility_id"`
				Services string
				Status   string
			}
		}
	}
	text, err := io.ReadAll(answer.Body)
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(&layer)
	}
	if err != nil {
		b.Fatal(err)
	}
	type home struct {
		id string
		at [2]float64
	}
	var open []home
	for _, f := range layer.Features {
		if f.Properties.Status == "operating" && strings.Contains(f.Properties.Services, "day_care") && f.Geometry.Coordinates[0] != 0 {
			open = append(open, home{f.Properties.ID, f.Geometry.Coordinates})
		}
	}
	dice := rand.New(rand.NewPCG(1, 1))
	near := func(at [2]float64) string { // within 500 m of a street, since the facility is
		return fmt.Sprintf("[%.6f,%.6f]", at[0]+(dice.Float64()-0.5)*0.004, at[1]+(dice.Float64()-0.5)*0.004)
	}
	questions := map[string]func() string{
		"drag": func() string {
			return `{"levels":["township"],"edits":[{"op":"close","facility":"` + open[1].id + `"},{"op":"move","facility":"` + open[0].id + `","point":` + near(open[0].at) + `}]}`
		},
		"drag without digest": func() string {
			return `{"digest":false,"levels":["township"],"edits":[{"op":"close","facility":"` + open[1].id + `"},{"op":"move","facility":"` + open[0].id + `","point":` + near(open[0].at) + `}]}`
		},
		"jump": func() string {
			var edits []string
			for range 3 {
				at := open[dice.IntN(len(open))].at
				edits = append(edits, fmt.Sprintf(`{"op":"add","point":[%.7f,%.7f]}`, at[0], at[1]))
			}
			return `{"levels":["township"],"edits":[` + strings.Join(edits, ",") + `]}`
		},
	}
	for _, name := range []string{"drag", "drag without digest", "jump"} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				took = append(took, ask(questions[name]()))
			}
			slices.Sort(took)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			b.ReportMetric(ms(took[len(took)/2]), "ms-p50")
			b.ReportMetric(ms(took[len(took)*99/100]), "ms-p99")
			b.ReportMetric(ms(first), "ms-first")
		})
	}
}
