-- The base map as vector tiles: streets and water of the network that a data version has.

-- name: base_tile
WITH tile AS (SELECT ST_TileEnvelope(@z::int, @x::int, @y::int) AS box),
     lonlat AS (SELECT ST_Transform(box, 4326) AS box FROM tile),
     net AS (SELECT digest FROM network_version WHERE from_version <= @version AND to_version > @version ORDER BY key COLLATE "C" LIMIT 1),
     roads AS (
        SELECT ST_AsMVTGeom(ST_Transform(r.geom, 3857), tile.box, 4096, 64) AS geom, r.class, r.name, r.bridge
        FROM road r JOIN net USING (digest), tile, lonlat
        WHERE r.geom && lonlat.box
          AND (@z >= 14 OR @z >= 12 AND r.class NOT IN ('steps', 'footway', 'service') OR @z >= 10 AND r.class NOT IN ('steps', 'footway', 'path', 'service', 'track', 'residential', 'pedestrian', 'living_street')
               OR r.class IN ('motorway', 'trunk', 'primary', 'secondary', 'ferry'))),
     waters AS (
        SELECT ST_AsMVTGeom(ST_Transform(w.geom, 3857), tile.box, 4096, 64) AS geom, w.kind, w.name
        FROM water w JOIN net USING (digest), tile, lonlat
        WHERE w.geom && lonlat.box)
SELECT coalesce((SELECT ST_AsMVT(roads, 'roads') FROM roads WHERE geom IS NOT NULL), '') || coalesce((SELECT ST_AsMVT(waters, 'water') FROM waters WHERE geom IS NOT NULL), '');
