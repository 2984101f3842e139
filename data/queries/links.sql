-- Facilities and the standard addresses that theirs mean.

-- name: link_asked
-- Living facilities with an address whose answer is missing or may have changed.
-- A position that came from an address is no delivered one.
SELECT f.source, f.key, f.address, CASE WHEN f.unit_linked THEN '' ELSE coalesce(f.unit_code, '') END, CASE WHEN f.position_level IS NULL THEN ST_X(f.geom) END, CASE WHEN f.position_level IS NULL THEN ST_Y(f.geom) END
FROM facility f LEFT JOIN facility_link l USING (source, key)
WHERE f.to_version = open_version() AND coalesce(f.address, '') <> ''
  AND (l.key IS NULL OR l.asked <> f.address OR l.version < @version AND l.state IN ('linked', 'doubtful', 'unknown'))
ORDER BY f.source, f.key COLLATE "C"

-- name: link_put
INSERT INTO facility_link AS l (source, key, asked, version, state, place, candidates, reasons, metres)
VALUES (@source, @key, @asked, @version, @state, @place, @candidates, @reasons, @metres)
ON CONFLICT (source, key) DO UPDATE SET asked = EXCLUDED.asked, version = EXCLUDED.version, state = EXCLUDED.state, place = EXCLUDED.place,
    candidates = EXCLUDED.candidates, reasons = EXCLUDED.reasons, metres = EXCLUDED.metres, decided_by = NULL, decided_at = NULL, note = NULL

-- name: link_drop
-- Links of facilities that are no more, or have no address any longer.
DELETE FROM facility_link l WHERE NOT EXISTS (SELECT FROM facility f WHERE f.source = l.source AND f.key = l.key AND f.to_version = open_version() AND coalesce(f.address, '') <> '')

-- name: link_due
SELECT DISTINCT source FROM facility_link_due ORDER BY 1

-- name: link_version
INSERT INTO data_version (kind, source, is_demo) SELECT 'facilities', @source, coalesce((SELECT is_demo FROM data_version WHERE kind = 'facilities' AND source = @source ORDER BY id DESC LIMIT 1), false) RETURNING id

-- name: link_apply
-- The row that a link changes ends, and the same row goes on with address, position where none was delivered, and unit
-- where none was stated. Its digest stays: the delivery is the same.
WITH due AS (SELECT d.*, f FROM facility_link_due d JOIN facility f USING (source, key, from_version) WHERE d.source = @source),
ended AS (UPDATE facility f SET to_version = @version FROM due d WHERE f.source = d.source AND f.key = d.key AND f.from_version = d.from_version)
INSERT INTO facility SELECT (jsonb_populate_record(d.f, jsonb_build_object('from_version', @version::bigint, 'address_id', CASE WHEN holds THEN place ->> 'address_id' END)
    || CASE WHEN (d.f).unit_code IS NULL OR (d.f).unit_linked THEN jsonb_build_object('unit_code', CASE WHEN holds THEN place ->> 'code' END, 'unit_linked', holds) ELSE '{}' END
    || CASE WHEN placed THEN jsonb_build_object('position_level', CASE WHEN holds THEN place ->> 'level' END, 'position_score', CASE WHEN holds THEN place -> 'score' END,
           'geom', CASE WHEN holds AND place -> 'point' ->> 0 IS NOT NULL THEN ST_AsEWKT(ST_SetSRID(ST_MakePoint((place -> 'point' ->> 0)::float8, (place -> 'point' ->> 1)::float8), 4326), 15) END) ELSE '{}' END)).*
FROM due d

-- name: link_changed
UPDATE data_version SET rows_changed = @rows WHERE id = @version

-- name: link_counts
SELECT count(*) FILTER (WHERE state IN ('linked', 'accepted', 'chosen')), count(*) FILTER (WHERE state = 'doubtful'), count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'rejected') FROM facility_link

-- name: link_list
SELECT f.key, f.name, l.asked, coalesce(f.unit_code, ''), ST_X(f.geom), ST_Y(f.geom), coalesce(f.position_level, ''), l.state, l.place, l.candidates, l.reasons, l.metres, coalesce(l.decided_by, ''), l.decided_at, coalesce(l.note, '')
FROM facility f JOIN facility_link l USING (source, key)
WHERE f.to_version = open_version() AND l.state = ANY (@states) AND f.key COLLATE "C" > @after AND coalesce(f.unit_code, '') ~ @scope
ORDER BY f.key COLLATE "C" LIMIT @most

-- name: link_one
SELECT f.source, l.state, l.place, l.candidates, coalesce(f.unit_code, ''), coalesce((SELECT nullif(u.reporting_parent, u.parent_code) FROM unit u WHERE u.key = rpad(substr(f.unit_code, 1, 9), 12, '0') AND u.to_version = open_version() LIMIT 1), '')
FROM facility f JOIN facility_link l USING (source, key)
WHERE f.to_version = open_version() AND f.key = @key ORDER BY f.from_version DESC LIMIT 1

-- name: link_decide
UPDATE facility_link SET state = @state, place = @place, decided_by = @by, decided_at = now(), note = nullif(@note, '') WHERE source = @source AND key = @key

-- name: link_address
-- A standard address by its key, as a place.
SELECT 1::bigint, key, full_text, coalesce(unit_code, ''), coalesce(street, ''), coalesce(hamlet, ''), coalesce(plate, ''), coalesce(compound, ''), coalesce(building, ''), ST_X(geom), ST_Y(geom)
FROM address WHERE key = @key AND to_version = open_version() ORDER BY from_version DESC LIMIT 1
