-- What is told of a layer, counted once for each version and kind of viewer; and what is kept of a
-- snapshot that somebody was given: all, or it was pruned, or it never was.

-- name: layer_total
SELECT features, west, south, east, north, begun, ended FROM layer_total WHERE layer = @layer AND version = @version AND run = @run AND viewer = @viewer;

-- name: keep_layer_total
INSERT INTO layer_total (layer, version, run, viewer, features, west, south, east, north, begun, ended)
VALUES (@layer, @version, @run, @viewer, @features, @west, @south, @east, @north, @begun, @ended) ON CONFLICT DO NOTHING;

-- name: snapshot_dates
SELECT (SELECT created_at FROM data_version WHERE id = @version), (SELECT as_of::timestamp AT TIME ZONE 'UTC' FROM run WHERE id = @run);

-- name: snapshot_kept
SELECT (@version = 0 OR EXISTS (SELECT FROM data_version WHERE id = @version)) AND (@run = 0 OR EXISTS (SELECT FROM run WHERE id = @run AND state = 'published')),
       @version <= (SELECT coalesce(max(id), 0) FROM data_version) AND @run <= (SELECT coalesce(max(id), 0) FROM run);
