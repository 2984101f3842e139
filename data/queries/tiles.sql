-- The base map as vector tiles: streets and water of the network that a data version has.

-- name: base_tile
WITH tile AS (SELECT ST_MakeEnvelope(@x1::float8, @y1::float8, @x2::float8, @y2::float8, @srid::int)::box2d AS box, ST_MakeEnvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326) AS lonlat),
     net AS (SELECT digest FROM network_version WHERE from_version <= @version AND to_version > @version ORDER BY from_version DESC, source COLLATE "C" LIMIT 1),
     roads AS (
        SELECT ST_AsMVTGeom(CASE WHEN @tolerance::float8 = 0 THEN ST_Transform(r.geom, @srid::int) ELSE ST_Simplify(ST_Transform(r.geom, @srid::int), @tolerance::float8) END, tile.box, 4096, 64) AS geom, r.class, r.name, r.bridge
        FROM road r JOIN net USING (digest), tile
        WHERE r.geom && tile.lonlat
          AND (@z::int >= 14 OR @z >= 12 AND r.class NOT IN ('steps', 'footway', 'service') OR @z >= 10 AND r.class NOT IN ('steps', 'footway', 'path', 'service', 'track', 'residential', 'pedestrian', 'living_street')
               OR @z >= 8 AND r.class IN ('motorway', 'trunk', 'primary', 'secondary', 'ferry') OR r.class IN ('motorway', 'trunk', 'ferry') OR @z >= 7 AND r.class = 'primary')),
     waters AS (
        SELECT ST_AsMVTGeom(CASE WHEN @tolerance::float8 = 0 THEN ST_Transform(w.geom, @srid::int) ELSE ST_Simplify(ST_Transform(w.geom, @srid::int), @tolerance::float8) END, tile.box, 4096, 64) AS geom, w.kind, w.name
        FROM water w JOIN net USING (digest), tile
        WHERE w.geom && tile.lonlat AND (@z >= 10 OR w.kind <> 'stream'))
SELECT coalesce((SELECT ST_AsMVT(roads, 'roads') FROM roads WHERE geom IS NOT NULL), '') || coalesce((SELECT ST_AsMVT(waters, 'water') FROM waters WHERE geom IS NOT NULL), '');
