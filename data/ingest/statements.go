package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The SQL that depends on the kind: table and column names come from kinds.go and
// the job's number alone, never from a file.

var remarkColumns = []string{"seq", "file", "number", "zh", "en", "kept"}

func (im *importer) rowsTable() pgx.Identifier {
	return pgx.Identifier{"staging", fmt.Sprintf("rows_%d", im.job)}
}

func (im *importer) remarksTable() pgx.Identifier {
	return pgx.Identifier{"staging", fmt.Sprintf("remarks_%d", im.job)}
}

func (im *importer) stagingColumns() []string {
	names := []string{"seq", "file", "number", "key"}
	for _, c := range im.kind.hints {
		names = append(names, c.name)
	}
	names = append(names, "digest", "geom")
	for _, c := range im.kind.columns {
		names = append(names, c.name)
	}
	return names
}

func (im *importer) createStaging() string {
	var own strings.Builder
	for _, c := range slices.Concat(im.kind.hints, im.kind.columns) {
		fmt.Fprintf(&own, ", %s %s", c.name, c.sql)
	}
	return fmt.Sprintf(`CREATE UNLOGGED TABLE %s (seq bigint, file smallint, number integer, key text COLLATE "C", digest bytea, geom geometry%s);
		CREATE UNLOGGED TABLE %s (seq bigint, file smallint, number integer, zh text, en text, kept boolean)`,
		im.rowsTable().Sanitize(), own.String(), im.remarksTable().Sanitize())
}

// fill puts the names of the job's tables and of the kind's into SQL text.
func (im *importer) fill(sql string) string {
	columns, values := "", ""
	for _, c := range im.kind.columns {
		columns += ", " + c.name
		if c.name == "confidence" { // a point that passed the checks is where it should be
			values += ", coalesce(s.confidence, CASE WHEN s.unit_code IS NOT NULL AND s.geom IS NOT NULL THEN 1 END)"
		} else {
			values += ", s." + c.name
		}
	}
	switch {
	case im.kind.table == "unit":
		columns += ", geom, point"
		values += `, CASE WHEN ST_Dimension(g) = 2 THEN g END, CASE WHEN ST_Dimension(g) = 2 THEN ST_PointOnSurface(g) ELSE g END`
	case im.kind.shape == onPoint:
		columns += ", geom"
		values += ", s.geom"
	case im.kind.shape == onArea:
		columns += ", geom"
		values += ", g"
	}
	shapes, kept := "", ""
	if im.kind.has("serial") { // behind the serials of the village; a row that changed keeps its own
		columns += ", serial"
		values += ", coalesce({kept}s.serial + coalesce(b.base, 0))"
		shapes = ` LEFT JOIN (SELECT u.code, (SELECT max(serial) FROM {table} a WHERE a.unit_code = u.code) AS base FROM (SELECT DISTINCT unit_code AS code FROM {rows}) u) b ON b.code = s.unit_code`
		if strings.Contains(sql, "NOT EXISTS") {
			kept = "CASE WHEN o.unit_code = s.unit_code THEN o.serial END, "
			shapes += ` LEFT JOIN {table} o ON o.source = $2 AND o.key = s.key AND o.to_version = $1`
		}
	}
	if im.kind.shape == onArea {
		shapes = ` CROSS JOIN LATERAL (SELECT CASE WHEN ST_Dimension(s.geom) < 2 THEN s.geom ELSE ST_Multi(ST_CollectionExtract(ST_MakeValid(s.geom), 3)) END AS g) v`
	}
	sql = strings.NewReplacer("{columns}", columns, "{values}", values, "{shapes}", shapes).Replace(sql)
	return strings.NewReplacer("{kept}", kept, "{rows}", im.rowsTable().Sanitize(), "{remarks}", im.remarksTable().Sanitize(), "{units}", fmt.Sprintf("staging.units_%d", im.job), "{found}", fmt.Sprintf("staging.found_%d", im.job), "{suspects}", fmt.Sprintf("staging.suspects_%d", im.job), "{n}", fmt.Sprint(max(1, im.read/2000)), "{kind}", im.kind.name, "{source}", quoted(im.o.Source), "{job}", fmt.Sprint(im.job),
		"{table}", im.kind.table).Replace(sql)
}

// quoted is text as an SQL literal.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

const (
	// Corrections by hand whose row the source has changed now.
	overrule = `UPDATE edit e SET overruled_by = $1 FROM {table} t WHERE e.layer = '{kind}' AND e.source = $2 AND e.undone_by IS NULL AND e.undoes IS NULL AND e.overruled_by IS NULL
		AND t.source = e.source AND t.key = e.key AND t.to_version = $1`

	anyDifference = `SELECT EXISTS (SELECT FROM {rows} s
			LEFT JOIN {table} t ON t.source = $1 AND t.key = s.key AND t.to_version = open_version() WHERE t.digest IS DISTINCT FROM s.digest)
		OR $2 AND EXISTS (SELECT FROM {table} t WHERE t.source = $1 AND t.to_version = open_version() AND NOT EXISTS (SELECT FROM {rows} s WHERE s.key = t.key))`

	// A row that changed, or that a replacing delivery lacks, ends with the new version.
	closeChanged = `UPDATE {table} t SET to_version = $1 FROM {rows} s
		WHERE t.source = $2 AND t.key = s.key AND t.to_version = open_version() AND t.digest <> s.digest`
	closeAbsent = `UPDATE {table} t SET to_version = $1
		WHERE t.source = $2 AND t.to_version = open_version() AND NOT EXISTS (SELECT FROM {rows} s WHERE s.key = t.key)`
	insertAll = `INSERT INTO {table} (source, key, from_version, digest{columns}) SELECT $2, s.key, $1, s.digest{values} FROM {rows} s{shapes}`
	insertNew = insertAll + ` WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.source = $2 AND t.key = s.key AND t.to_version = open_version())`

	// Who names no unit but stands in one belongs to it: the lowest that is known.
	findUnits = `UPDATE {rows} r SET unit_code = (SELECT u.key FROM unit u
			WHERE u.to_version = open_version() AND ST_Covers(u.geom, r.geom) ORDER BY u.level DESC, u.from_version DESC, u.key LIMIT 1)
		WHERE unit_code IS NULL AND geom IS NOT NULL`

	// What was refused stays with the version, for the data-quality list of its runs.
	keepRejects = `INSERT INTO import_reject SELECT $1, (SELECT files FROM import_job WHERE id = {job})[file], number, zh, en FROM {remarks} WHERE NOT kept ORDER BY seq LIMIT 10000`

	lateSerials = `UPDATE {rows} r SET serial = n.serial FROM (
			SELECT seq, row_number() OVER (PARTITION BY unit_code ORDER BY seq) + coalesce((SELECT max(serial) FROM {rows} m WHERE m.unit_code = s.unit_code), 0) AS serial
			FROM {rows} s WHERE serial IS NULL AND unit_code IS NOT NULL) n WHERE n.seq = r.seq`

	// A sample of positions with the unit that each must lie in.
	sampleUnits  = `SELECT key, ST_AsBinary(geom) FROM {rows} WHERE geom IS NOT NULL AND seq % {n} = 0 ORDER BY seq`
	samplePoints = `SELECT coalesce(unit_code, ''), ST_AsBinary(geom) FROM {rows} WHERE geom IS NOT NULL AND seq % {n} = 0 ORDER BY seq`
	sampleAreas  = `SELECT '', ST_AsBinary(geom) FROM {rows} WHERE geom IS NOT NULL ORDER BY seq LIMIT 2000`
	countInside  = `SELECT count(*), count(*) FILTER (WHERE ST_Covers(u.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326)))
		FROM unnest($1::text[], $2::float8[], $3::float8[]) AS p(code, lon, lat)
		JOIN LATERAL (SELECT geom FROM unit WHERE key = p.code AND to_version = open_version() AND geom IS NOT NULL ORDER BY from_version DESC LIMIT 1) u ON true`

	// Outlines whose codes are known, and how far the two disagree.
	sampleOutlines = `SELECT r.key, ST_AsBinary(r.geom) FROM {rows} r JOIN unit u ON u.key = r.key AND u.to_version = open_version() AND u.geom IS NOT NULL
		WHERE r.geom IS NOT NULL AND ST_Dimension(r.geom) = 2 ORDER BY length(r.key), r.key LIMIT 40`
	disputed = `WITH pair AS (
			SELECT ST_MakeValid(ST_SetSRID(ST_GeomFromWKB(p.wkb), 4326)) AS a, u.geom AS b
			FROM unnest($1::text[], $2::bytea[]) AS p(code, wkb)
			JOIN LATERAL (SELECT geom FROM unit WHERE key = p.code AND to_version = open_version() AND geom IS NOT NULL ORDER BY from_version DESC LIMIT 1) u ON true)
		SELECT coalesce(sum(ST_Area(ST_SymDifference(a, b))) / nullif(sum(ST_Area(ST_Union(a, b))), 0), 0),
			coalesce(avg(ST_Distance(ST_Centroid(a)::geography, ST_Centroid(b)::geography)), 0) FROM pair`
)
