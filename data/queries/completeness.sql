-- How complete a network is, by township.

-- name: network_townships
-- Every part is made once: a planner that knows nothing of the tables yet would make streets anew for each township.
WITH town AS MATERIALIZED (SELECT key, name, is_island, geom FROM unit_at(@version) WHERE level = 4),
county AS MATERIALIZED (SELECT substr(key, 1, 6) AS code, min(name) AS name FROM unit_at(@version) WHERE level = 3 GROUP BY 1),
people AS MATERIALIZED (SELECT substr(unit_code, 1, 9) || '000' AS key, coalesce(sum(people) FILTER (WHERE basis = 'resident'), sum(people))::integer AS people
    FROM people_at(@version) WHERE age_group = 'total' GROUP BY 1),
streets AS MATERIALIZED (
    SELECT key, sum(metres) AS metres, sum(metres) FILTER (WHERE class IN ('footway', 'path', 'pedestrian', 'steps', 'cycleway', 'bridleway', 'corridor', 'crossing', 'platform')) AS foot
    FROM (SELECT t.key, r.class, ST_Length((CASE WHEN ST_Covers(t.geom, r.geom) THEN r.geom ELSE ST_Intersection(r.geom, t.geom) END)::geography) AS metres
        FROM town t JOIN road r ON r.digest = @digest AND r.geom && t.geom AND ST_Intersects(t.geom, r.geom)
        WHERE r.class NOT IN ('ferry', 'motorway', 'motorway_link') OFFSET 0) m -- lengths first: outlines are not sorted along
    GROUP BY 1)
SELECT t.key, t.name, coalesce(c.name, ''), t.is_island,
       coalesce(ST_Area(t.geom::geography) / 1e6, 0), p.people, coalesce(s.metres, 0) / 1000, coalesce(s.foot, 0) / 1000
FROM town t LEFT JOIN county c ON c.code = substr(t.key, 1, 6) LEFT JOIN people p USING (key) LEFT JOIN streets s USING (key)
ORDER BY t.key COLLATE "C";

-- name: homes
SELECT coalesce(unit_code, ''), ST_X(geom), ST_Y(geom), false FROM address
WHERE from_version <= @version AND to_version > @version AND geom IS NOT NULL AND (use IS NULL OR use = '住宅')
UNION ALL
SELECT key, ST_X(point), ST_Y(point), true FROM unit_at(@version) WHERE level = 5 AND point IS NOT NULL;

-- name: townships_at
WITH town AS MATERIALIZED (SELECT key, geom FROM unit_at(@version) WHERE level = 4 AND geom IS NOT NULL)
SELECT coalesce(min(t.key), '') FROM unnest(@lon::float8[], @lat::float8[]) WITH ORDINALITY AS p(lon, lat, n)
LEFT JOIN town t ON ST_Covers(t.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
GROUP BY p.n ORDER BY p.n;
