-- +goose Up
-- Several deliverers may tell of one unit, count or flag: a list brings the names, a boundary file the outlines.
-- Readers see each once: what was delivered last, an outline from whoever has one. (Ids of other things are
-- made different by their deliverer's name when they are imported.)
CREATE FUNCTION unit_at(version bigint) RETURNS SETOF unit LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT DISTINCT ON (u.key) u.source, u.key, u.from_version, u.to_version, u.name, u.level, u.parent_code, u.reporting_parent, u.class, u.is_island,
        coalesce(u.geom, o.geom), CASE WHEN u.geom IS NULL THEN coalesce(o.point, u.point) ELSE u.point END, u.digest
    FROM unit u LEFT JOIN LATERAL (
        SELECT geom, point FROM unit x WHERE u.geom IS NULL AND x.key = u.key AND x.geom IS NOT NULL AND x.from_version <= version AND x.to_version > version
        ORDER BY x.from_version DESC, x.source LIMIT 1) o ON true
    WHERE u.from_version <= version AND u.to_version > version
    ORDER BY u.key, u.from_version DESC, u.source
$$;
CREATE FUNCTION population_at(version bigint) RETURNS SETOF population LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT DISTINCT ON (key) * FROM population WHERE from_version <= version AND to_version > version ORDER BY key, from_version DESC, source
$$;
CREATE FUNCTION flag_at(version bigint) RETURNS SETOF flag LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT DISTINCT ON (key) * FROM flag WHERE from_version <= version AND to_version > version ORDER BY key, from_version DESC, source
$$;
CREATE INDEX unit_key ON unit (key);

-- +goose Down
DROP INDEX unit_key;
DROP FUNCTION flag_at(bigint), population_at(bigint), unit_at(bigint);
