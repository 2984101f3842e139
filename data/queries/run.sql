-- What runs read, and how they are recorded.

-- name: latest_version
SELECT coalesce(max(id), 0) FROM data_version;

-- name: latest_run
SELECT id, data_version FROM run WHERE state = 'published' ORDER BY published_at DESC, id DESC LIMIT 1;

-- name: run_version
SELECT data_version, state FROM run WHERE id = @run;

-- name: units
SELECT key, name, level, coalesce(parent_code, ''), coalesce(reporting_parent, ''), coalesce(class, ''), is_island, ST_X(point), ST_Y(point)
FROM unit_at(@version)
WHERE (valid_from IS NULL OR valid_from <= @day) AND (valid_until IS NULL OR valid_until > @day)
ORDER BY key COLLATE "C";

-- name: closed_units
SELECT key, name, coalesce(valid_from > @day, false) FROM unit_at(@version)
WHERE valid_from > @day OR valid_until <= @day
ORDER BY key COLLATE "C";

-- name: figures
SELECT DISTINCT ON (subject COLLATE "C", name COLLATE "C") subject, name, value, coalesce(note, '')
FROM figure WHERE from_version <= @version AND to_version > @version AND (valid_from IS NULL OR valid_from <= @day) AND (valid_until IS NULL OR valid_until > @day)
ORDER BY subject COLLATE "C", name COLLATE "C", valid_from DESC NULLS LAST, from_version DESC, source COLLATE "C";

-- name: served_areas
SELECT facility_id, kind, coalesce(services, '{}'), coalesce(unit_code, ''), coalesce(hamlet, ''), ST_AsBinary(geom)
FROM served_area WHERE from_version <= @version AND to_version > @version AND (valid_from IS NULL OR valid_from <= @day) AND (valid_until IS NULL OR valid_until > @day)
ORDER BY key COLLATE "C", source COLLATE "C";

-- name: rejects
SELECT v.kind, v.source, r.file, r.number, r.zh, r.en
FROM (SELECT DISTINCT ON (kind, source, files) id, kind, source FROM data_version WHERE id <= @version ORDER BY kind, source, files, id DESC) v
JOIN import_reject r ON r.version = v.id
ORDER BY v.id, r.number, r.file COLLATE "C", r.zh COLLATE "C";

-- name: facilities_elsewhere
WITH county AS MATERIALIZED (SELECT key, name, geom FROM unit_at(@version) WHERE level = 3 AND geom IS NOT NULL),
     away AS MATERIALIZED (SELECT f.key, f.name, f.unit_code, f.geom FROM facility f JOIN county own ON substr(own.key, 1, 6) = substr(f.unit_code, 1, 6)
          WHERE f.from_version <= @version AND f.to_version > @version AND f.geom IS NOT NULL AND NOT ST_DWithin(own.geom, f.geom, 0.001))
SELECT a.key, a.name, a.unit_code, c.key, c.name FROM away a JOIN county c ON ST_Covers(c.geom, a.geom)
ORDER BY a.key COLLATE "C", c.key COLLATE "C";

-- name: facilities
SELECT key, name, coalesce(site_id, ''), services, coalesce(unit_code, ''), status, weekly_open_days, opened, closed, beds, nursing_beds, capacity_left, ST_X(geom), ST_Y(geom)
FROM facility WHERE from_version <= @version AND to_version > @version
ORDER BY key COLLATE "C";

-- name: population
SELECT unit_code, basis, age_group, people, coalesce(hamlet, ''), ST_X(geom), ST_Y(geom)
FROM population_at(@version)
ORDER BY key COLLATE "C";

-- name: flags
SELECT DISTINCT ON (unit_code COLLATE "C", flag COLLATE "C") unit_code, flag, value
FROM flag_at(@version)
WHERE (valid_from IS NULL OR valid_from <= @day) AND (valid_until IS NULL OR valid_until > @day)
ORDER BY unit_code COLLATE "C", flag COLLATE "C", valid_from DESC NULLS LAST, key COLLATE "C";

-- name: residential_addresses
SELECT key, unit_code, coalesce(hamlet, ''), 1000 - round(1000 * coalesce(occupancy, 1))::integer, ST_X(geom), ST_Y(geom)
FROM address WHERE from_version <= @version AND to_version > @version
  AND geom IS NOT NULL AND (use IS NULL OR use = '住宅')
  AND unit_code BETWEEN @first AND @last
ORDER BY key COLLATE "C";

-- name: network_of_version
-- Of networks of several sources the one that was imported last.
SELECT digest FROM network_version WHERE from_version <= @version AND to_version > @version ORDER BY from_version DESC, source COLLATE "C" LIMIT 1;

-- name: latest_network
SELECT v.version, coalesce((SELECT digest FROM network_version WHERE from_version <= v.version AND to_version > v.version ORDER BY from_version DESC, source COLLATE "C" LIMIT 1), '')
FROM (SELECT coalesce(max(id), 0) AS version FROM data_version) v;

-- name: water_between
SELECT coalesce(w.name, '') FROM water w, (SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(@x1::float8, @y1::float8), ST_MakePoint(@x2::float8, @y2::float8)), 4326) AS geom) l
WHERE w.digest = @digest AND w.geom && l.geom AND ST_Intersects(w.geom, l.geom) ORDER BY w.name IS NULL, w.kind, w.name COLLATE "C" LIMIT 1;

-- name: network_source
SELECT source_file FROM network WHERE digest = @digest;

-- name: network_sums
SELECT sha256(bytes) FROM network_chunk WHERE digest = @digest ORDER BY seq;

-- name: drop_chunks
DELETE FROM network_chunk WHERE digest = @digest;

-- name: networks
SELECT n.digest, n.source_file, EXISTS (SELECT FROM network_version v WHERE v.digest = n.digest AND v.to_version = open_version()) AS in_use
FROM network n ORDER BY created_at, n.digest;

-- name: network_chunks
SELECT bytes FROM network_chunk WHERE digest = @digest ORDER BY seq;

-- name: create_run
INSERT INTO run (name, data_version, network_digest, as_of, spec, is_demo, state, started_at)
VALUES (@name, @version, nullif(@network, ''), @as_of, @spec, @demo, 'running', now()) RETURNING id;

-- name: publish_run
UPDATE run SET state = 'published', digest = @digest, summary = @summary, engine = @engine, progress = 1, published_at = now()
WHERE id = @run AND state = 'running';

-- name: fail_run
UPDATE run SET state = 'failed', error = @error WHERE id = @run AND state IN ('queued', 'running');

-- name: run_record
SELECT id, name, state, progress, data_version, as_of, coalesce(digest, ''), coalesce(error, ''), created_at, published_at, summary, engine, coalesce(network_digest, ''),
       coalesce(spec->'units', (SELECT jsonb_agg(DISTINCT u.key) FROM unit u WHERE u.level = 3 AND u.from_version <= r.data_version AND u.to_version > r.data_version), '[]')
FROM run r WHERE id = @run;

-- name: recent_runs
SELECT id, name, state, progress, data_version, as_of, coalesce(digest, ''), coalesce(error, ''), created_at, published_at, summary, engine, coalesce(network_digest, ''),
       coalesce(spec->'units', (SELECT jsonb_agg(DISTINCT u.key) FROM unit u WHERE u.level = 3 AND u.from_version <= r.data_version AND u.to_version > r.data_version), '[]')
FROM run r ORDER BY id DESC LIMIT @limit;

-- name: queue_run
INSERT INTO run (name, data_version, network_digest, as_of, spec, is_demo)
VALUES (@name, @version, (SELECT digest FROM network_version WHERE from_version <= @version AND to_version > @version ORDER BY from_version DESC, source COLLATE "C" LIMIT 1), @as_of, @spec, @demo)
RETURNING id;

-- name: start_run
UPDATE run SET state = 'running', started_at = coalesce(started_at, now()), parts = @parts WHERE id = @run AND state IN ('queued', 'running');

-- name: cancel_run
UPDATE run SET state = 'canceled' WHERE id = @run AND state IN ('queued', 'running');

-- name: open_run_spec
SELECT spec FROM run WHERE id = @run AND state IN ('queued', 'running');

-- name: lock_run
SELECT parts FROM run WHERE id = @run AND state = 'running' FOR UPDATE;

-- name: add_part
INSERT INTO run_part (run_id, county, part) VALUES (@run, @county, @part) ON CONFLICT DO NOTHING;

-- name: run_progress
UPDATE run SET progress = (SELECT count(*) FROM run_part WHERE run_id = @run)::real / greatest(parts, 1) WHERE id = @run RETURNING (SELECT count(*) FROM run_part WHERE run_id = @run) = parts;

-- name: run_parts
SELECT part FROM run_part WHERE run_id = @run ORDER BY county COLLATE "C";

-- name: drop_parts
DELETE FROM run_part WHERE run_id = @run;

-- name: free_jobs
UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'running';

-- name: create_network
INSERT INTO network (digest, source_file, source_digest, nodes, arcs, bytes, bound)
VALUES (@digest, @file, @source_digest, @nodes, @arcs, @bytes, ST_MakeEnvelope(@x1::float8, @y1::float8, @x2::float8, @y2::float8, 4326))
ON CONFLICT (digest) DO NOTHING;

-- name: network_now
SELECT digest FROM network_version WHERE source = @source AND key = 'network' AND to_version = open_version();

-- name: new_version
INSERT INTO data_version (kind, source, files, crs, is_demo, rows_added, rows_changed) VALUES (@kind, @source, @files, @crs, @demo, @added, @changed) RETURNING id;

-- name: close_network
UPDATE network_version SET to_version = @version WHERE source = @source AND key = 'network' AND to_version = open_version();

-- name: open_network
INSERT INTO network_version (source, key, from_version, digest) VALUES (@source, 'network', @version, @digest);

-- name: run_spec
SELECT spec, coalesce(digest, '') FROM run WHERE id = @run AND state = 'published';

-- name: is_demo
SELECT coalesce(bool_and(is_demo), false) FROM data_version;

-- name: claim_import
SELECT pg_try_advisory_xact_lock(@lock::bigint), EXISTS (SELECT FROM data_version WHERE is_demo <> @demo);

-- name: hold_run
SELECT pg_advisory_lock(@lock::integer, @run::integer);

-- name: release_run
SELECT pg_advisory_unlock(@lock::integer, @run::integer);

-- name: bury_runs
UPDATE run SET state = 'failed', error = '程序中途退出,没有结果,可重新测算 / the program ended before there was a result: plan again'
WHERE id IN (SELECT id FROM run WHERE state = 'running' AND parts IS NULL) AND pg_try_advisory_xact_lock(@lock::integer, id::integer);

-- name: become
SELECT set_config('lifecircle.scope', @scope, true), set_config('role', @role, true);

-- name: small_number
SELECT coalesce((SELECT value::text::integer FROM access_setting WHERE key = 'small_number'), 10) FROM (SELECT pg_advisory_xact_lock(hashtext('lifecircle.withheld'))) one_at_a_time;

-- name: withheld
SELECT unit_code FROM withheld;

-- name: people_of_run
SELECT p.unit_code, p.basis, p.age_group, p.people::integer FROM people_at((SELECT data_version FROM run WHERE id = @run)) p;

-- name: add_withheld
WITH marked AS (UPDATE run SET small_number = @limit WHERE id = @run)
INSERT INTO withheld SELECT unnest(@codes::text[]) ON CONFLICT DO NOTHING;

-- name: unmasked_run
SELECT id FROM run WHERE state = 'published' AND (small_number IS NULL OR small_number < coalesce((SELECT value::text::integer FROM access_setting WHERE key = 'small_number'), 10)) ORDER BY id LIMIT 1;

-- name: counts_of_run
SELECT unit_code, standard, age_group, population_basis, coalesce(minutes, 0), class, people FROM coverage WHERE run_id = @run;

-- name: outline_gap_areas
UPDATE gap_area a SET geom = h.geom
FROM (SELECT area, ST_Buffer(ST_ConvexHull(ST_Collect(geom))::geography, 150)::geometry AS geom FROM gap WHERE run_id = @run AND area IS NOT NULL AND geom IS NOT NULL GROUP BY area) h
WHERE a.run_id = @run AND a.id = h.area;
