-- Geocoding: the index of houses by name and number, and what lies at a point.

-- name: geocode_version
SELECT coalesce(max(id), 0) FROM data_version WHERE kind IN ('units', 'places', 'addresses')

-- name: geocode_indexed
SELECT version FROM geocode_index FOR UPDATE

-- name: geocode_addresses
-- The living addresses that the index lacks.
SELECT source, key, from_version, full_text, unit_code, coalesce(street, ''), coalesce(hamlet, ''), coalesce(plate, ''), coalesce(compound, ''), coalesce(building, ''), ST_AsEWKB(geom)
FROM address WHERE from_version > @since AND from_version <= @version AND to_version > @version AND unit_code IS NOT NULL

-- name: geocode_add_names
INSERT INTO geocode_name (level, unit_code, name, geom)
SELECT level, unit_code, name, ST_SetSRID(ST_MakePoint(avg(ST_X(geom)), avg(ST_Y(geom))), 4326) FROM geocode_new GROUP BY 1, 2, 3
ON CONFLICT (unit_code, level, name) DO UPDATE SET geom = coalesce(EXCLUDED.geom, geocode_name.geom)

-- name: geocode_add_houses
INSERT INTO geocode_house (name_id, number, source, key, from_version)
SELECT n.id, w.number, w.source, w.key, w.from_version FROM geocode_new w JOIN geocode_name n USING (unit_code, level, name)
ORDER BY 1, 2

-- name: geocode_drop_houses
-- Addresses that ended since.
DELETE FROM geocode_house h USING address a
WHERE a.to_version > @since AND a.to_version <= @version AND h.source = a.source AND h.key = a.key AND h.from_version = a.from_version

-- name: geocode_drop_names
DELETE FROM geocode_name n WHERE NOT EXISTS (SELECT FROM geocode_house h WHERE h.name_id = n.id)

-- name: geocode_done
UPDATE geocode_index SET version = @version

-- name: geocode_names
-- Every name: units with the names that they had (in earlier versions, and by the crosswalk under another code) and with
-- those that they were a part of, places, and what houses are called by.
SELECT 0::bigint AS id, (ARRAY['province','prefecture','county','township','village'])[u.level] AS level, u.key AS code, u.name,
       ARRAY(SELECT o.name FROM unit o WHERE o.key = u.key AND o.name <> u.name
             UNION SELECT c.old_name FROM unit_change c WHERE c.new_code = u.key AND c.change IN ('renamed', 'recoded') AND c.old_name <> u.name AND c.from_version <= @version AND c.to_version > @version ORDER BY 1) AS aliases,
       ARRAY(SELECT DISTINCT c.old_name FROM unit_change c WHERE c.new_code = u.key AND c.change IN ('merged', 'split') AND c.old_name <> u.name AND c.from_version <= @version AND c.to_version > @version ORDER BY 1) AS formers,
       ST_X(u.point), ST_Y(u.point)
FROM unit_at(@version) u WHERE u.key ~ '^[0-9]{12}$'
UNION ALL
SELECT 0, 'hamlet', unit_code, name, aliases || old_names, '{}', ST_X(geom), ST_Y(geom) FROM place
WHERE from_version <= @version AND to_version > @version AND unit_code IS NOT NULL
UNION ALL
SELECT n.id, n.level, n.unit_code, CASE WHEN n.level = 'village' THEN u.name ELSE n.name END, '{}', '{}',
       ST_X(n.geom), ST_Y(n.geom)
FROM geocode_name n LEFT JOIN unit_at(@version) u ON n.level = 'village' AND u.key = n.unit_code
WHERE n.level <> 'village' OR u.name IS NOT NULL

-- name: geocode_houses
-- The living houses of names and numbers; a key that very many bear is cut, which an answer shows by being ambiguous.
SELECT k.n, a.key, a.full_text, a.unit_code, coalesce(a.street, ''), coalesce(a.hamlet, ''), coalesce(a.plate, ''), coalesce(a.compound, ''), coalesce(a.building, ''), ST_X(a.geom), ST_Y(a.geom)
FROM unnest(@names::bigint[], @numbers::text[]) WITH ORDINALITY AS k(name_id, number, n)
CROSS JOIN LATERAL (SELECT source, key, from_version FROM geocode_house h WHERE h.name_id = k.name_id AND h.number = k.number COLLATE "C" LIMIT 100) h
JOIN address a ON a.source = h.source AND a.key = h.key AND a.from_version = h.from_version
WHERE a.to_version = 9223372036854775807
ORDER BY k.n, a.key

-- name: geocode_numbers
SELECT 1::bigint, a.key, a.full_text, a.unit_code, coalesce(a.street, ''), coalesce(a.hamlet, ''), coalesce(a.plate, ''), coalesce(a.compound, ''), coalesce(a.building, ''), ST_X(a.geom), ST_Y(a.geom)
FROM (SELECT source, key, from_version, number FROM geocode_house WHERE name_id = @name AND number >= @prefix AND number < @prefix || U&'\FFFF'
      ORDER BY length(number), number LIMIT @most) h
JOIN address a USING (source, key, from_version)
WHERE a.to_version = 9223372036854775807
ORDER BY length(h.number), h.number, a.key

-- name: geocode_nearest
-- For each point the nearest living address. The index orders by degrees, of which one of longitude is
-- shorter, so that the nearest in metres is chosen among the nearest in degrees.
SELECT p.n, a.key, a.full_text, a.unit_code, coalesce(a.street, ''), coalesce(a.hamlet, ''), coalesce(a.plate, ''), coalesce(a.compound, ''), coalesce(a.building, ''), ST_X(a.geom), ST_Y(a.geom), a.metres
FROM unnest(@lons::float8[], @lats::float8[]) WITH ORDINALITY AS p(lon, lat, n)
CROSS JOIN LATERAL (
    SELECT c.*, ST_Distance(c.geom::geography, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326)::geography) AS metres FROM (
        SELECT * FROM address WHERE to_version = 9223372036854775807 AND geom IS NOT NULL
        ORDER BY geom <-> ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) LIMIT 32) c
    ORDER BY metres, c.key LIMIT 1) a
WHERE a.metres <= @within

-- name: geocode_divisions
-- The units whose boundary holds each point; of two neighbours that both do, the smaller code.
SELECT DISTINCT ON (p.n, u.level) p.n, u.key, (ARRAY['province','prefecture','county','township','village'])[u.level], u.name
FROM unnest(@lons::float8[], @lats::float8[]) WITH ORDINALITY AS p(lon, lat, n)
JOIN unit u ON u.to_version = 9223372036854775807 AND ST_Covers(u.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
ORDER BY p.n, u.level, u.key, u.from_version DESC
