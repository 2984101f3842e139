-- Corrections by hand: read a row, write its next version, what was corrected.

-- name: edit_read_units
SELECT source, from_version, key, to_jsonb(t) - 'geom' - 'digest' || jsonb_build_object('point', ST_AsEWKT(point))
FROM unit t WHERE key = @id AND to_version = 9223372036854775807 ORDER BY from_version DESC, source LIMIT 1 FOR UPDATE

-- name: edit_write_units
WITH closed AS (UPDATE unit t SET to_version = @version WHERE source = @source AND key = @id AND to_version = 9223372036854775807 RETURNING t)
INSERT INTO unit SELECT (jsonb_populate_record(c.t, @set::jsonb || jsonb_build_object('from_version', @version::bigint, 'to_version', open_version()))).* FROM closed c

-- name: edit_read_places
SELECT source, from_version, coalesce(unit_code, ''), to_jsonb(t) - 'geom' - 'digest' || jsonb_build_object('point', ST_AsEWKT(geom))
FROM place t WHERE key = @id AND to_version = 9223372036854775807 ORDER BY from_version DESC, source LIMIT 1 FOR UPDATE

-- name: edit_write_places
WITH closed AS (UPDATE place t SET to_version = @version WHERE source = @source AND key = @id AND to_version = 9223372036854775807 RETURNING t)
INSERT INTO place SELECT (jsonb_populate_record(c.t, @set::jsonb || jsonb_build_object('from_version', @version::bigint, 'to_version', open_version()))).* FROM closed c

-- name: edit_read_addresses
SELECT source, from_version, coalesce(unit_code, ''), to_jsonb(t) - 'geom' - 'digest' || jsonb_build_object('point', ST_AsEWKT(geom))
FROM address t WHERE key = @id AND to_version = 9223372036854775807 ORDER BY from_version DESC, source LIMIT 1 FOR UPDATE

-- name: edit_write_addresses
WITH closed AS (UPDATE address t SET to_version = @version WHERE source = @source AND key = @id AND to_version = 9223372036854775807 RETURNING t)
INSERT INTO address SELECT (jsonb_populate_record(c.t, @set::jsonb || jsonb_build_object('from_version', @version::bigint, 'to_version', open_version()))).* FROM closed c

-- name: edit_read_facilities
SELECT source, from_version, coalesce(unit_code, ''), to_jsonb(t) - 'geom' - 'digest' || jsonb_build_object('point', ST_AsEWKT(geom))
FROM facility t WHERE key = @id AND to_version = 9223372036854775807 ORDER BY from_version DESC, source LIMIT 1 FOR UPDATE

-- name: edit_write_facilities
-- A position or unit that a person gives is no longer that of the facility's address.
WITH closed AS (UPDATE facility t SET to_version = @version WHERE source = @source AND key = @id AND to_version = 9223372036854775807 RETURNING t)
INSERT INTO facility SELECT (jsonb_populate_record(c.t, CASE WHEN @set::jsonb ? 'geom' THEN '{"position_level": null, "position_score": null}'::jsonb ELSE '{}' END
    || CASE WHEN @set::jsonb ? 'unit_code' THEN '{"unit_linked": false}'::jsonb ELSE '{}' END || @set::jsonb || jsonb_build_object('from_version', @version::bigint, 'to_version', open_version()))).* FROM closed c

-- name: edit_version
INSERT INTO data_version (kind, source, is_demo, rows_changed) SELECT @layer, @source, coalesce(bool_or(is_demo), false), 1 FROM data_version RETURNING id

-- name: edit_add
INSERT INTO edit (actor, reason, layer, source, key, unit_code, version, before, after, undoes) VALUES (@actor, @reason, @layer, @source, @id, @unit, @version, @before, @after, @undoes) RETURNING id, at

-- name: edit_undone
UPDATE edit SET undone_by = @by WHERE id = @id

-- name: edit_one
SELECT id, at, actor, reason, layer, key, source, unit_code, version, before, after, undoes, undone_by, overruled_by FROM edit WHERE id = @id FOR UPDATE

-- name: edit_list
-- The newest first. @state is holds, conflict, undone or nothing for all.
SELECT id, at, actor, reason, layer, key, source, unit_code, version, before, after, undoes, undone_by, overruled_by FROM edit
WHERE (@layer = '' OR layer = @layer) AND (@id = '' OR key = @id) AND (@before::bigint = 0 OR id < @before)
  AND (@state = '' OR @state = CASE WHEN undone_by IS NOT NULL THEN 'undone' WHEN overruled_by IS NOT NULL THEN 'conflict' ELSE 'holds' END)
ORDER BY id DESC LIMIT @limit

-- name: edit_unit_known
SELECT EXISTS (SELECT FROM unit WHERE key = @code AND to_version = 9223372036854775807)

-- name: edit_free
-- Whether no import runs; until the transaction ends none begins.
SELECT pg_try_advisory_xact_lock(@lock)
