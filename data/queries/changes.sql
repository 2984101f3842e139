-- What differs between two data versions: rows of the first that ended, rows of the second that began.

-- name: changes_units
WITH a AS (SELECT * FROM unit WHERE from_version <= @first AND to_version > @first AND to_version <= @last),
b AS (SELECT * FROM unit WHERE from_version > @first AND from_version <= @last AND to_version > @last),
pair AS (
    SELECT a.key AS old, coalesce(b.key, a.key) AS id, coalesce(b.source, a.source) AS source, b.key AS new, b.from_version AS began, a.to_version AS ended,
           coalesce(b.name, a.name) AS label, coalesce(b.key, a.key, '') AS unit, coalesce(b.point, a.point) AS at,
           CASE WHEN a.key IS NOT NULL THEN to_jsonb(a) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(a.geom)), 'point', ST_AsText(a.point)) END AS was,
           CASE WHEN b.key IS NOT NULL THEN to_jsonb(b) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(b.geom)), 'point', ST_AsText(b.point)) END AS now
    FROM a FULL JOIN b ON a.source = b.source AND a.key = b.key)
SELECT CASE WHEN old IS NULL THEN 'added' WHEN new IS NULL THEN 'removed' ELSE 'changed' END, pair.id, pair.source, label, unit, f.fields,
       CASE WHEN new IS NULL THEN was ELSE (SELECT jsonb_object_agg(k, was -> k) FROM unnest(f.fields) k WHERE old IS NOT NULL) END,
       CASE WHEN old IS NULL THEN now ELSE (SELECT jsonb_object_agg(k, now -> k) FROM unnest(f.fields) k WHERE new IS NOT NULL) END,
       coalesce(began, ended), v.created_at, coalesce(e.actor, ''), coalesce(e.reason, ''), ST_X(pair.at), ST_Y(pair.at)
FROM pair
CROSS JOIN LATERAL (SELECT coalesce(array_agg(k ORDER BY k), '{}') AS fields FROM jsonb_object_keys(now) k WHERE was IS NOT NULL AND was -> k IS DISTINCT FROM now -> k) f
LEFT JOIN data_version v ON v.id = coalesce(began, ended)
LEFT JOIN edit e ON e.layer = 'units' AND e.key = pair.id AND e.version = began
WHERE old IS NULL OR new IS NULL OR f.fields <> '{}'
ORDER BY pair.id COLLATE "C", pair.source

-- name: changes_places
WITH a AS (SELECT * FROM place WHERE from_version <= @first AND to_version > @first AND to_version <= @last),
b AS (SELECT * FROM place WHERE from_version > @first AND from_version <= @last AND to_version > @last),
pair AS (
    SELECT a.key AS old, coalesce(b.key, a.key) AS id, coalesce(b.source, a.source) AS source, b.key AS new, b.from_version AS began, a.to_version AS ended,
           coalesce(b.name, a.name) AS label, coalesce(b.unit_code, a.unit_code, '') AS unit, coalesce(b.geom, a.geom) AS at,
           CASE WHEN a.key IS NOT NULL THEN to_jsonb(a) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(a.geom)), 'point', ST_AsText(a.geom)) END AS was,
           CASE WHEN b.key IS NOT NULL THEN to_jsonb(b) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(b.geom)), 'point', ST_AsText(b.geom)) END AS now
    FROM a FULL JOIN b ON a.source = b.source AND a.key = b.key)
SELECT CASE WHEN old IS NULL THEN 'added' WHEN new IS NULL THEN 'removed' ELSE 'changed' END, pair.id, pair.source, label, unit, f.fields,
       CASE WHEN new IS NULL THEN was ELSE (SELECT jsonb_object_agg(k, was -> k) FROM unnest(f.fields) k WHERE old IS NOT NULL) END,
       CASE WHEN old IS NULL THEN now ELSE (SELECT jsonb_object_agg(k, now -> k) FROM unnest(f.fields) k WHERE new IS NOT NULL) END,
       coalesce(began, ended), v.created_at, coalesce(e.actor, ''), coalesce(e.reason, ''), ST_X(pair.at), ST_Y(pair.at)
FROM pair
CROSS JOIN LATERAL (SELECT coalesce(array_agg(k ORDER BY k), '{}') AS fields FROM jsonb_object_keys(now) k WHERE was IS NOT NULL AND was -> k IS DISTINCT FROM now -> k) f
LEFT JOIN data_version v ON v.id = coalesce(began, ended)
LEFT JOIN edit e ON e.layer = 'places' AND e.key = pair.id AND e.version = began
WHERE old IS NULL OR new IS NULL OR f.fields <> '{}'
ORDER BY pair.id COLLATE "C", pair.source

-- name: changes_addresses
WITH a AS (SELECT * FROM address WHERE from_version <= @first AND to_version > @first AND to_version <= @last),
b AS (SELECT * FROM address WHERE from_version > @first AND from_version <= @last AND to_version > @last),
pair AS (
    SELECT a.key AS old, coalesce(b.key, a.key) AS id, coalesce(b.source, a.source) AS source, b.key AS new, b.from_version AS began, a.to_version AS ended,
           coalesce(b.full_text, a.full_text) AS label, coalesce(b.unit_code, a.unit_code, '') AS unit, coalesce(b.geom, a.geom) AS at,
           CASE WHEN a.key IS NOT NULL THEN to_jsonb(a) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(a.geom)), 'point', ST_AsText(a.geom)) END AS was,
           CASE WHEN b.key IS NOT NULL THEN to_jsonb(b) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(b.geom)), 'point', ST_AsText(b.geom)) END AS now
    FROM a FULL JOIN b ON a.source = b.source AND a.key = b.key)
SELECT CASE WHEN old IS NULL THEN 'added' WHEN new IS NULL THEN 'removed' ELSE 'changed' END, pair.id, pair.source, label, unit, f.fields,
       CASE WHEN new IS NULL THEN was ELSE (SELECT jsonb_object_agg(k, was -> k) FROM unnest(f.fields) k WHERE old IS NOT NULL) END,
       CASE WHEN old IS NULL THEN now ELSE (SELECT jsonb_object_agg(k, now -> k) FROM unnest(f.fields) k WHERE new IS NOT NULL) END,
       coalesce(began, ended), v.created_at, coalesce(e.actor, ''), coalesce(e.reason, ''), ST_X(pair.at), ST_Y(pair.at)
FROM pair
CROSS JOIN LATERAL (SELECT coalesce(array_agg(k ORDER BY k), '{}') AS fields FROM jsonb_object_keys(now) k WHERE was IS NOT NULL AND was -> k IS DISTINCT FROM now -> k) f
LEFT JOIN data_version v ON v.id = coalesce(began, ended)
LEFT JOIN edit e ON e.layer = 'addresses' AND e.key = pair.id AND e.version = began
WHERE old IS NULL OR new IS NULL OR f.fields <> '{}'
ORDER BY pair.id COLLATE "C", pair.source

-- name: changes_facilities
WITH a AS (SELECT * FROM facility WHERE from_version <= @first AND to_version > @first AND to_version <= @last),
b AS (SELECT * FROM facility WHERE from_version > @first AND from_version <= @last AND to_version > @last),
pair AS (
    SELECT a.key AS old, coalesce(b.key, a.key) AS id, coalesce(b.source, a.source) AS source, b.key AS new, b.from_version AS began, a.to_version AS ended,
           coalesce(b.name, a.name) AS label, coalesce(b.unit_code, a.unit_code, '') AS unit, coalesce(b.geom, a.geom) AS at,
           CASE WHEN a.key IS NOT NULL THEN to_jsonb(a) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(a.geom)), 'point', ST_AsText(a.geom)) END AS was,
           CASE WHEN b.key IS NOT NULL THEN to_jsonb(b) - 'geom' - 'digest' - 'from_version' - 'to_version' || jsonb_build_object('shape', md5(ST_AsEWKB(b.geom)), 'point', ST_AsText(b.geom)) END AS now
    FROM a FULL JOIN b ON a.source = b.source AND a.key = b.key)
SELECT CASE WHEN old IS NULL THEN 'added' WHEN new IS NULL THEN 'removed' ELSE 'changed' END, pair.id, pair.source, label, unit, f.fields,
       CASE WHEN new IS NULL THEN was ELSE (SELECT jsonb_object_agg(k, was -> k) FROM unnest(f.fields) k WHERE old IS NOT NULL) END,
       CASE WHEN old IS NULL THEN now ELSE (SELECT jsonb_object_agg(k, now -> k) FROM unnest(f.fields) k WHERE new IS NOT NULL) END,
       coalesce(began, ended), v.created_at, coalesce(e.actor, ''), coalesce(e.reason, ''), ST_X(pair.at), ST_Y(pair.at)
FROM pair
CROSS JOIN LATERAL (SELECT coalesce(array_agg(k ORDER BY k), '{}') AS fields FROM jsonb_object_keys(now) k WHERE was IS NOT NULL AND was -> k IS DISTINCT FROM now -> k) f
LEFT JOIN data_version v ON v.id = coalesce(began, ended)
LEFT JOIN edit e ON e.layer = 'facilities' AND e.key = pair.id AND e.version = began
WHERE old IS NULL OR new IS NULL OR f.fields <> '{}'
ORDER BY pair.id COLLATE "C", pair.source
