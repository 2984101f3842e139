-- Elevation files, and the heights that they give a network.

-- name: elevation_now
SELECT source, key, digest FROM elevation WHERE to_version = open_version() ORDER BY source COLLATE "C", key COLLATE "C";

-- name: has_elevation
SELECT EXISTS (SELECT FROM elevation_chunk WHERE digest = @digest);

-- name: close_elevation
UPDATE elevation SET to_version = @version WHERE source = @source AND key = @key AND to_version = open_version();

-- name: open_elevation
INSERT INTO elevation (source, key, from_version, digest) VALUES (@source, @key, @version, @digest);

-- name: elevation_chunks
SELECT bytes FROM elevation_chunk WHERE digest = @digest ORDER BY seq;

-- name: networks_now
SELECT source, digest FROM network_version WHERE key = 'network' AND to_version = open_version() ORDER BY source COLLATE "C";

-- name: copy_network
INSERT INTO network (digest, source_file, source_digest, nodes, arcs, bytes, bound)
SELECT @digest, source_file, source_digest, nodes, arcs, @bytes, bound FROM network WHERE digest = @of
ON CONFLICT (digest) DO NOTHING;

-- name: copy_roads
INSERT INTO road (digest, class, name, bridge, geom) SELECT @digest, class, name, bridge, geom FROM road WHERE digest = @of;

-- name: copy_water
INSERT INTO water (digest, kind, name, geom) SELECT @digest, kind, name, geom FROM water WHERE digest = @of;
