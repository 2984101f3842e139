package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// Check is what one check over all rows cost and found.
type Check struct {
	Name     string  `json:"name"`
	Seconds  float64 `json:"seconds"`
	Rejected int64   `json:"rejected"`
	Noted    int64   `json:"noted,omitempty"`
}

// timed notes what a step cost; the report of an import and of a dry run lists it.
func (im *importer) timed(name string, step func() (rejected int64, err error)) error {
	return im.measured(name, func() (n, _ int64, err error) { n, err = step(); return n, 0, err })
}

func (im *importer) measured(name string, step func() (rejected, noted int64, err error)) error {
	began := time.Now()
	rejected, noted, err := step()
	im.checks = append(im.checks, Check{name, time.Since(began).Seconds(), rejected, noted})
	return err
}

// What a check found goes to the remarks; rows that are not kept leave the others.
const (
	keepFound = `INSERT INTO {remarks} SELECT r.seq, r.file, r.number, f.zh, f.en, f.kept FROM {found} f JOIN {rows} r USING (seq)`
	moveFound = `DELETE FROM {rows} r USING {found} f WHERE f.seq = r.seq AND NOT f.kept`
)

// look makes a check of checks_sql.go; after is run on what it found, "" does nothing.
func (im *importer) look(ctx context.Context, name, find, after string, args ...any) error {
	return im.measured(name, func() (rejected, noted int64, err error) {
		find = im.fill(find)
		for i, a := range args { // CREATE TABLE AS takes no parameters; these are numbers of ours
			find = strings.ReplaceAll(find, fmt.Sprintf("$%d", i+1), fmt.Sprint(a))
		}
		if _, err := im.conn.Exec(ctx, im.fill(`CREATE UNLOGGED TABLE {found} AS `)+find); err != nil {
			return 0, 0, err
		}
		if err := im.conn.QueryRow(ctx, im.fill(`SELECT count(*) FILTER (WHERE NOT kept), count(*) FILTER (WHERE kept) FROM {found}`)).Scan(&rejected, &noted); err != nil {
			return 0, 0, err
		}
		if rejected+noted > 0 {
			if _, err := im.conn.Exec(ctx, im.fill(keepFound)); err != nil {
				return 0, 0, err
			}
		}
		if rejected > 0 {
			if _, err := im.conn.Exec(ctx, im.fill(moveFound)); err != nil {
				return 0, 0, err
			}
		}
		if rejected+noted > 0 && after != "" {
			if _, err := im.conn.Exec(ctx, im.fill(after)); err != nil {
				return 0, 0, err
			}
		}
		_, err = im.conn.Exec(ctx, im.fill(`DROP TABLE {found}`))
		return rejected, noted, err
	})
}

// has tells whether the kind's rows have a column.
func (k kind) has(name string) bool {
	return slices.ContainsFunc(slices.Concat(k.columns, k.hints), func(c column) bool { return c.name == name })
}

// checkRows makes the checks that need more than one row: duplicates, the tree of
// units, whether the coordinate system is the one it is said to be, positions.
func (im *importer) checkRows(ctx context.Context) error {
	if _, err := im.conn.Exec(ctx, im.fill(`DROP TABLE IF EXISTS {found}, {units}; SET default_statistics_target = 10; ANALYZE {rows}; RESET default_statistics_target`)); err != nil {
		return err
	}
	k := im.kind
	if k.table == "unit" {
		if err := im.nameVillages(ctx); err != nil {
			return err
		}
	}
	if err := im.lookForTwins(ctx); err != nil {
		return err
	}
	if k.table == "unit" {
		for _, level := range []planner.Level{planner.Township, planner.Village} {
			if err := im.look(ctx, "unit_tree", findOrphans, "", int(level)); err != nil {
				return err
			}
		}
	}
	byUnit := k.has("unit_code") && k.table != "unit_list" // lists are of a whole country
	if byUnit {
		if _, err := im.conn.Exec(ctx, im.fill(makeUnits)); err != nil {
			return err
		}
		if err := im.look(ctx, "known_units", findUnknownUnits, ""); err != nil {
			return err
		}
	}
	switch k.table {
	case "figure":
		if err := im.look(ctx, "known_subjects", findUnknownSubjects, ""); err != nil {
			return err
		}
	case "served_area":
		if err := im.look(ctx, "known_facilities", findUnknownFacilities, ""); err != nil {
			return err
		}
	}
	if k.shape != nowhere {
		query := sampleAreas
		switch {
		case k.table == "unit":
			query = sampleUnits
		case byUnit:
			query = samplePoints
		}
		if err := im.timed("coordinate_system", func() (int64, error) { return 0, im.checkCRS(ctx, im.fill(query)) }); err != nil {
			return err
		}
		if k.table == "unit" {
			if err := im.timed("boundary_shift", func() (int64, error) { return 0, im.checkShift(ctx) }); err != nil {
				return err
			}
		}
	}
	if k.table == "facility" {
		if err := im.look(ctx, "on_land", findAtSea, ""); err != nil {
			return err
		}
	}
	// not before the check of the system: what a whole file has shifted is not the fault of its rows
	if byUnit && k.shape == onPoint && k.table != "population" {
		doubt := ""
		if k.has("confidence") {
			doubt = `UPDATE {rows} r SET confidence = 0.5 FROM {found} f WHERE f.seq = r.seq AND r.confidence IS NULL`
		}
		outside := findOutside
		if k.table == "facility" {
			outside = strings.Replace(outside, "WHERE NOT", "WHERE NOT services && ARRAY['sea_burial'] AND NOT", 1)
		}
		if err := im.look(ctx, "point_in_unit", outside, doubt); err != nil {
			return err
		}
		if err := im.timed("unit_by_point", func() (int64, error) {
			var lacking bool
			if err := im.conn.QueryRow(ctx, im.fill(`SELECT EXISTS (SELECT FROM {units} WHERE code IS NULL)`)).Scan(&lacking); err != nil || !lacking {
				return 0, err
			}
			tag, err := im.conn.Exec(ctx, im.fill(findUnits))
			if err == nil && tag.RowsAffected() > 0 && k.has("serial") {
				_, err = im.conn.Exec(ctx, im.fill(lateSerials))
			}
			return 0, err
		}); err != nil {
			return err
		}
	}
	if k.table == "transit_stop" {
		return im.timed("lines", func() (int64, error) { return im.checkLines(ctx) })
	}
	if k.table == "place" {
		if err := im.look(ctx, "same_name_in_county", findTwins, ""); err != nil {
			return err
		}
	}
	var corrected bool
	if err := im.conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM edit WHERE layer = $1)`, k.name).Scan(&corrected); err != nil || !corrected {
		return err
	}
	return im.look(ctx, "corrected_by_hand", findOverruled, "")
}

// checkCRS compares positions with the units that they are said to be in, under
// the system assumed and under those that it is mistaken for. A better fit of
// another system, or no fit at all, refuses the file. Where nothing is known to
// compare with, data of mainland China need --crs, because gcj02 and bd09 pass
// for degrees of EPSG:4326 and are wrong by half a kilometre.
func (im *importer) checkCRS(ctx context.Context, sample string) error {
	rows, err := im.conn.Query(ctx, sample)
	if err != nil {
		return err
	}
	var codes []string
	var points []orb.Point
	mainland := false
	var code string
	var blob []byte
	if _, err := pgx.ForEachRow(rows, []any{&code, &blob}, func() error {
		g, err := wkb.Unmarshal(blob)
		if err != nil {
			return err
		}
		centre, _ := planar.CentroidArea(g)
		codes, points = append(codes, code), append(points, centre)
		mainland = mainland || crs.InMainland(centre)
		return nil
	}); err != nil {
		return err
	}
	known, inside, err := im.countInside(ctx, codes, points, im.crs)
	if err != nil {
		return err
	}
	if known == 0 {
		if mainland && !im.explicit {
			return planner.Errorf(planner.Invalid, "境内坐标须指明坐标系:库中没有可对照的行政区划;请加 --crs EPSG:4490(国家2000)、gcj02 或 bd09 等",
				"coordinates in mainland China need their system stated, as no known units can confirm it: add --crs EPSG:4490, gcj02, bd09, …")
		}
		return nil
	}
	best, most := im.crs, inside
	if im.crs.IsLonLat() {
		for _, other := range []crs.CRS{crs.WGS84, crs.GCJ02, crs.BD09} {
			_, n, err := im.countInside(ctx, codes, points, other)
			if err != nil {
				return err
			}
			if n > most {
				best, most = other, n
			}
		}
	}
	share := func(n int) float64 { return 100 * float64(n) / float64(known) }
	if best != im.crs && most-inside >= max(3, known/20) {
		return planner.Errorf(planner.Invalid, "坐标系与已有行政区划矛盾:按 %[1]v 有 %.0[2]f%% 的点在所属行政区内,按 %[3]v 有 %.0[4]f%%;如属实请用 --crs %[3]v",
			"the coordinate system contradicts the known units: %.0[2]f%% of the points lie in their units as %[1]v, %.0[4]f%% as %[3]v; if so, use --crs %[3]v", im.crs, share(inside), best, share(most))
	}
	if known >= 10 && inside*5 < known || !im.explicit && mainland && inside*2 < known {
		return planner.Errorf(planner.Invalid, "坐标系与已有行政区划矛盾:按 %v 只有 %.0f%% 的点在所属行政区内;请用 --crs 指明坐标系",
			"the coordinate system contradicts the known units: as %v only %.0f%% of the points lie in their units; state the system with --crs", im.crs, share(inside))
	}
	return nil
}

// countInside reads the staged positions as if the file had been in system c, and
// counts those whose unit is known and those that lie in it.
func (im *importer) countInside(ctx context.Context, codes []string, points []orb.Point, c crs.CRS) (known, inside int, err error) {
	lon, lat := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		if c != im.crs {
			p = c.ToLonLat(im.crs.FromLonLat(p))
		}
		lon[i], lat[i] = p[0], p[1]
	}
	err = im.conn.QueryRow(ctx, countInside, codes, lon, lat).Scan(&known, &inside)
	return known, inside, err
}
