-- The past of one thing, and what a proposed change would touch.

-- name: history_units
SELECT from_version, to_version, source, to_jsonb(t) - '{source,key,from_version,to_version,digest,geom,point}'::text[] || jsonb_build_object('lon', ST_X(point), 'lat', ST_Y(point), 'outline', left(md5(ST_AsBinary(geom)), 8))
FROM unit t WHERE key = @id ORDER BY from_version, source

-- name: history_places
SELECT from_version, to_version, source, to_jsonb(t) - '{source,key,from_version,to_version,digest,geom}'::text[] || jsonb_build_object('lon', ST_X(geom), 'lat', ST_Y(geom))
FROM place t WHERE key = @id ORDER BY from_version, source

-- name: history_addresses
SELECT from_version, to_version, source, to_jsonb(t) - '{source,key,from_version,to_version,digest,geom}'::text[] || jsonb_build_object('lon', ST_X(geom), 'lat', ST_Y(geom))
FROM address t WHERE key = @id ORDER BY from_version, source

-- name: history_facilities
SELECT from_version, to_version, source, to_jsonb(t) - '{source,key,from_version,to_version,digest,geom,unit_linked}'::text[] || jsonb_build_object('lon', ST_X(geom), 'lat', ST_Y(geom))
FROM facility t WHERE key = @id ORDER BY from_version, source

-- name: versions_of
SELECT id, created_at, files FROM data_version WHERE id = ANY (@ids)

-- name: path_of
-- Names from the province down to a unit.
SELECT coalesce(string_agg(name, '' ORDER BY level), '') FROM (
    SELECT DISTINCT ON (key) key, name, level FROM unit
    WHERE to_version = open_version() AND key IN (SELECT rpad(substr(@unit, 1, n), 12, '0') FROM unnest(ARRAY[2, 4, 6, 9, 12]) n) ORDER BY key, from_version DESC) u

-- name: change_unit
SELECT name, level, coalesce(parent_code, ''), geom IS NOT NULL, coalesce(ST_Area(geom::geography) / 1e6, 0) FROM unit_at(@version) WHERE key = @unit

-- name: change_touches
-- Everything that lies in a unit by its code, kind by kind: how many, and the first few. old is the unit's name, which
-- texts of addresses carry.
WITH seen AS (
    SELECT 'units' AS kind, key AS id, name FROM unit WHERE to_version = open_version() AND starts_with(key, @prefix) AND key <> @unit
    UNION ALL SELECT 'places', key, name FROM place WHERE to_version = open_version() AND starts_with(unit_code, @prefix)
    UNION ALL SELECT 'addresses', key, full_text FROM address WHERE to_version = open_version() AND starts_with(unit_code, @prefix)
    UNION ALL SELECT 'texts', key, full_text FROM address WHERE to_version = open_version() AND starts_with(unit_code, @prefix) AND position(@old IN full_text) > 0
    UNION ALL SELECT 'facilities', key, name FROM facility WHERE to_version = open_version() AND starts_with(unit_code, @prefix)
    UNION ALL SELECT 'figures', standard || ' ' || unit_code, coalesce(text_zh, '') FROM seen_verdict WHERE run_id = @run AND starts_with(unit_code, @prefix)
    UNION ALL SELECT 'gaps', id, name FROM seen_gap WHERE run_id = @run AND starts_with(unit_code, @prefix))
SELECT kind, count(DISTINCT id), (array_agg(DISTINCT id || E'\t' || name ORDER BY id || E'\t' || name))[1:20] FROM seen GROUP BY kind

-- name: change_moves
-- What an outline takes in and lets go: things with a position, by the unit that they have now.
WITH shape AS (SELECT ST_SetSRID(ST_GeomFromGeoJSON(@geometry), 4326) AS g),
spots AS (
    SELECT 'units' AS kind, key AS id, name, key AS unit, point AS p FROM unit WHERE to_version = open_version() AND level > @level AND point IS NOT NULL
    UNION ALL SELECT 'places', key, name, coalesce(unit_code, ''), geom FROM place WHERE to_version = open_version() AND geom IS NOT NULL
    UNION ALL SELECT 'addresses', key, full_text, coalesce(unit_code, ''), geom FROM address WHERE to_version = open_version() AND geom IS NOT NULL
    UNION ALL SELECT 'facilities', key, name, coalesce(unit_code, ''), geom FROM facility WHERE to_version = open_version() AND geom IS NOT NULL),
moved AS (
    SELECT kind, id, name, true AS enters FROM spots, shape WHERE p && g AND NOT starts_with(unit, @prefix) AND ST_Covers(g, p)
    UNION ALL SELECT kind, id, name, false FROM spots, shape WHERE starts_with(unit, @prefix) AND NOT ST_Covers(g, p))
SELECT kind, enters, count(DISTINCT id), (array_agg(DISTINCT id || E'\t' || name ORDER BY id || E'\t' || name))[1:20] FROM moved GROUP BY 1, 2

-- name: change_overlaps
-- Units of the same level that an outline would overlap, with the share of theirs; slivers left out.
SELECT u.key, u.name, ST_Area(ST_Intersection(u.geom, s.g)::geography) / nullif(ST_Area(u.geom::geography), 0)
FROM unit u, (SELECT ST_SetSRID(ST_GeomFromGeoJSON(@geometry), 4326) AS g) s
WHERE u.to_version = open_version() AND u.level = @level AND u.key <> @unit AND u.geom && s.g AND ST_Intersects(u.geom, s.g)
  AND ST_Area(ST_Intersection(u.geom, s.g)::geography) > 0.001 * ST_Area(u.geom::geography)
ORDER BY 3 DESC, 1

-- name: change_area
SELECT ST_IsValid(g), ST_Dimension(g) = 2 AND NOT ST_IsEmpty(g), ST_Area(g::geography) / 1e6 FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON(@geometry), 4326) AS g) s

-- name: change_clashes
-- Living units that bear the code, or the name beside the unit.
SELECT key, name FROM unit WHERE to_version = open_version() AND key <> @unit AND (key = @code OR name = @name AND parent_code = @parent) ORDER BY key LIMIT 5
