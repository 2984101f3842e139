package ingest

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The SQL that depends on the kind: table and column names come from kinds.go and
// the job's number alone, never from a file.

var rejectColumns = []string{"seq", "file", "number", "zh", "en", "raw"}

func (im *importer) rowsTable() pgx.Identifier {
	return pgx.Identifier{"staging", fmt.Sprintf("rows_%d", im.job)}
}

func (im *importer) rejectsTable() pgx.Identifier {
	return pgx.Identifier{"staging", fmt.Sprintf("rejects_%d", im.job)}
}

func (im *importer) stagingColumns() []string {
	names := []string{"seq", "file", "number", "key", "digest", "geom", "raw"}
	for _, c := range im.kind.columns {
		names = append(names, c.name)
	}
	return names
}

func (im *importer) createStaging() string {
	var own strings.Builder
	for _, c := range im.kind.columns {
		fmt.Fprintf(&own, ", %s %s", c.name, c.sql)
	}
	return fmt.Sprintf(`CREATE TABLE %s (seq bigint, file text, number bigint, key text COLLATE "C", digest bytea, geom bytea, raw jsonb%s);
		CREATE TABLE %s (seq bigint, file text, number bigint, zh text, en text, raw jsonb)`,
		im.rowsTable().Sanitize(), own.String(), im.rejectsTable().Sanitize())
}

// fill puts the names of the job's tables and of the kind's into SQL text.
func (im *importer) fill(sql string) string {
	columns, values := "", ""
	for _, c := range im.kind.columns {
		columns += ", " + c.name
		values += ", s." + c.name
	}
	switch {
	case im.kind.table == "unit":
		columns += ", geom, point"
		values += `, CASE WHEN ST_Dimension(g) = 2 THEN g END, CASE WHEN ST_Dimension(g) = 2 THEN ST_PointOnSurface(g) ELSE g END`
	case im.kind.shape != nowhere:
		columns += ", geom"
		values += ", g"
	}
	return strings.NewReplacer("{rows}", im.rowsTable().Sanitize(), "{rejects}", im.rejectsTable().Sanitize(),
		"{table}", im.kind.table, "{columns}", columns, "{values}", values).Replace(sql)
}

const (
	anyDifference = `SELECT EXISTS (SELECT FROM {rows} s
			LEFT JOIN {table} t ON t.source = $1 AND t.key = s.key AND t.to_version = open_version() WHERE t.digest IS DISTINCT FROM s.digest)
		OR $2 AND EXISTS (SELECT FROM {table} t WHERE t.source = $1 AND t.to_version = open_version() AND NOT EXISTS (SELECT FROM {rows} s WHERE s.key = t.key))`

	// A row that changed, or that a replacing delivery lacks, ends with the new version.
	closeChanged = `UPDATE {table} t SET to_version = $1 FROM {rows} s
		WHERE t.source = $2 AND t.key = s.key AND t.to_version = open_version() AND t.digest <> s.digest`
	closeAbsent = `UPDATE {table} t SET to_version = $1
		WHERE t.source = $2 AND t.to_version = open_version() AND NOT EXISTS (SELECT FROM {rows} s WHERE s.key = t.key)`
	insertNew = `INSERT INTO {table} (source, key, from_version, digest{columns})
		SELECT $2, s.key, $1, s.digest{values} FROM {rows} s
		CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_GeomFromWKB(s.geom), 4326) AS raw_geom) w
		CROSS JOIN LATERAL (SELECT CASE WHEN ST_Dimension(raw_geom) < 2 THEN raw_geom ELSE ST_Multi(ST_CollectionExtract(ST_MakeValid(raw_geom), 3)) END AS g) v
		WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.source = $2 AND t.key = s.key AND t.to_version = open_version())
		ORDER BY s.key`

	// Of rows with one key the first is kept.
	rejectDuplicates = `WITH d AS (
			SELECT seq, first_value(number) OVER w AS first, first_value(file) OVER w AS where_first, row_number() OVER w AS n
			FROM {rows} WINDOW w AS (PARTITION BY key ORDER BY seq)),
		bad AS (DELETE FROM {rows} r USING d WHERE r.seq = d.seq AND d.n > 1 RETURNING r.*, d.first, d.where_first)
		INSERT INTO {rejects} SELECT seq, file, number,
			format('编码「%s」与文件 %s 第%s行重复', key, where_first, first), format('%s is already the id of row %s of %s', key, first, where_first), raw FROM bad`

	// A township or village needs the unit above it, here or in the database.
	rejectOrphans = `WITH bad AS (DELETE FROM {rows} r WHERE level = $1
			AND NOT EXISTS (SELECT FROM {rows} p WHERE p.key = r.parent_code)
			AND NOT EXISTS (SELECT FROM unit p WHERE p.key = r.parent_code AND p.to_version = open_version()) RETURNING *)
		INSERT INTO {rejects} SELECT seq, file, number,
			format('上级单元 %s 不存在,请先导入或一并导入', coalesce(parent_code, '')), format('the unit above it, %s, does not exist: import it first or with it', coalesce(parent_code, '')), raw FROM bad`

	// Who names no unit but stands in one belongs to it: the lowest that is known.
	findUnits = `UPDATE {rows} r SET unit_code = (SELECT u.key FROM unit u
			WHERE u.to_version = open_version() AND ST_Covers(u.geom, ST_SetSRID(ST_GeomFromWKB(r.geom), 4326)) ORDER BY u.level DESC, u.from_version DESC, u.key LIMIT 1)
		WHERE unit_code IS NULL AND geom IS NOT NULL`

	// Where units are known, a unit_code must be one of them; grid cells are named otherwise.
	rejectUnknownUnits = `WITH bad AS (DELETE FROM {rows} r WHERE unit_code ~ '^[0-9]{12}$'
			AND EXISTS (SELECT FROM unit WHERE to_version = open_version())
			AND NOT EXISTS (SELECT FROM unit u WHERE u.key = r.unit_code AND u.to_version = open_version()) RETURNING *)
		INSERT INTO {rejects} SELECT seq, file, number,
			format('行政区 %s 不在已导入的行政区划中', unit_code), format('unit %s is not among the imported units', unit_code), raw FROM bad`

	// A figure is that of a unit or of a facility.
	rejectUnknownSubjects = `WITH bad AS (DELETE FROM {rows} r WHERE EXISTS (SELECT FROM unit WHERE to_version = open_version())
			AND NOT EXISTS (SELECT FROM unit u WHERE u.key = r.subject AND u.to_version = open_version())
			AND NOT EXISTS (SELECT FROM facility f WHERE f.key = r.subject AND f.to_version = open_version()) RETURNING *)
		INSERT INTO {rejects} SELECT seq, file, number,
			format('%s 既不是已导入的行政区,也不是已导入的设施', subject), format('%s is neither an imported unit nor an imported facility', subject), raw FROM bad`
	rejectUnknownFacilities = `WITH bad AS (DELETE FROM {rows} r WHERE NOT EXISTS (SELECT FROM facility f WHERE f.key = r.facility_id AND f.to_version = open_version()) RETURNING *)
		INSERT INTO {rejects} SELECT seq, file, number,
			format('设施 %s 不在已导入的设施中', facility_id), format('facility %s is not among the imported ones', facility_id), raw FROM bad`

	// What was refused stays with the version, for the data-quality list of its runs.
	keepRejects = `INSERT INTO import_reject SELECT $1, coalesce(regexp_replace(file, '^.*/', ''), ''), number, zh, en FROM {rejects} ORDER BY seq LIMIT 10000`

	// Facilities stand on land that some unit covers; 100 m of doubt about the
	// coastline is allowed, and sea burials are at sea.
	rejectAtSea = `WITH bad AS (DELETE FROM {rows} r WHERE geom IS NOT NULL AND NOT services && ARRAY['sea_burial']
			AND EXISTS (SELECT FROM unit WHERE to_version = open_version() AND geom IS NOT NULL)
			AND NOT EXISTS (SELECT FROM unit u WHERE u.to_version = open_version()
				AND ST_DWithin(u.geom, ST_SetSRID(ST_GeomFromWKB(r.geom), 4326), 0.001)) RETURNING *)
		INSERT INTO {rejects} SELECT seq, file, number,
			'位置不在任何行政区内(可能在海里或外地)', 'its position is in no unit: in the sea, or elsewhere', raw FROM bad`

	// A sample of positions with the unit that each must lie in.
	sampleUnits  = `SELECT key, geom FROM {rows} WHERE geom IS NOT NULL AND seq % greatest(1, (SELECT count(*) FROM {rows}) / 2000) = 0 ORDER BY seq`
	samplePoints = `SELECT coalesce(unit_code, ''), geom FROM {rows} WHERE geom IS NOT NULL AND seq % greatest(1, (SELECT count(*) FROM {rows}) / 2000) = 0 ORDER BY seq`
	sampleAreas  = `SELECT '', geom FROM {rows} WHERE geom IS NOT NULL ORDER BY seq LIMIT 2000`
	countInside  = `SELECT count(*), count(*) FILTER (WHERE ST_Covers(u.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326)))
		FROM unnest($1::text[], $2::float8[], $3::float8[]) AS p(code, lon, lat)
		JOIN LATERAL (SELECT geom FROM unit WHERE key = p.code AND to_version = open_version() AND geom IS NOT NULL ORDER BY from_version DESC LIMIT 1) u ON true`

	// Outlines whose codes are known, and how far the two disagree.
	sampleOutlines = `SELECT r.key, r.geom FROM {rows} r JOIN unit u ON u.key = r.key AND u.to_version = open_version() AND u.geom IS NOT NULL
		WHERE r.geom IS NOT NULL AND ST_Dimension(ST_GeomFromWKB(r.geom)) = 2 ORDER BY length(r.key), r.key LIMIT 40`
	disputed = `WITH pair AS (
			SELECT ST_MakeValid(ST_SetSRID(ST_GeomFromWKB(p.wkb), 4326)) AS a, u.geom AS b
			FROM unnest($1::text[], $2::bytea[]) AS p(code, wkb)
			JOIN LATERAL (SELECT geom FROM unit WHERE key = p.code AND to_version = open_version() AND geom IS NOT NULL ORDER BY from_version DESC LIMIT 1) u ON true)
		SELECT coalesce(sum(ST_Area(ST_SymDifference(a, b))) / nullif(sum(ST_Area(ST_Union(a, b))), 0), 0),
			coalesce(avg(ST_Distance(ST_Centroid(a)::geography, ST_Centroid(b)::geography)), 0) FROM pair`
)
