package store

import (
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/lifecircle/lifecircle/data/datatest"
)

// BenchmarkGeocode answers the dirty list of a generated county against PostgreSQL looking the same houses up by
// their exact keys, in turns and in parts of one size: rows/s of both, and our share of the bare lookups.
func BenchmarkGeocode(b *testing.B) {
	pool := datatest.Open(b)
	rows := loadCounty(b, pool, 20261124, 0.1)
	g := New(pool).Geocoding()
	texts, keys := make([]string, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		keys[i], texts[i] = r[0], r[1]
	}
	if _, err := g.Geocode(b.Context(), texts[:1], ""); err != nil { // the names are read once
		b.Fatal(err)
	}
	lookUp := func() error {
		var all errgroup.Group
		all.SetLimit(3) // as many as the geocoder asks at once on two processors
		for from := 0; from < len(keys); from += 128 {
			part := keys[from:min(from+128, len(keys))]
			all.Go(func() error {
				found, err := pool.Query(b.Context(), `SELECT key, full_text, ST_X(geom), ST_Y(geom) FROM address WHERE key = ANY ($1) AND to_version = open_version()`, part)
				if err != nil {
					return err
				}
				for found.Next() {
				}
				return found.Err()
			})
		}
		return all.Wait()
	}
	var ours, raw time.Duration
	for b.Loop() {
		began := time.Now()
		if _, err := g.Geocode(b.Context(), texts, ""); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(began)
		began = time.Now()
		if err := lookUp(); err != nil {
			b.Fatal(err)
		}
		raw += time.Since(began)
	}
	all := float64(b.N * len(rows))
	b.ReportMetric(all/ours.Seconds(), "rows/s")
	b.ReportMetric(all/raw.Seconds(), "lookups/s")
	b.ReportMetric(100*raw.Seconds()/ours.Seconds(), "%-of-lookups")
}
