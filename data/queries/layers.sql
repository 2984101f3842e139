-- The layers: each gives id, geom and the properties of its collection, under
-- the names of planner/layer. @version and @run pin what is read.

-- name: layer_units
SELECT key AS id, geom, key AS code, name, (ARRAY['province','prefecture','county','township','village'])[level] AS level, parent_code, reporting_parent, class, is_island, valid_from, valid_until - 1 AS valid_to, u.source, v.created_at::date AS source_date
FROM unit_at(@version) u LEFT JOIN data_version v ON v.id = u.from_version

-- name: layer_places
SELECT key AS id, geom, key AS place_id, name, romanisation, array_to_string(aliases, '、') AS aliases, class, unit_code, x.source, v.created_at::date AS source_date
FROM place x LEFT JOIN data_version v ON v.id = x.from_version WHERE from_version <= @version AND to_version > @version

-- name: layer_addresses
SELECT key AS id, geom, key AS address_id, full_text, unit_code, street, hamlet, plate, compound, building, use, x.source, v.created_at::date AS source_date
FROM address x LEFT JOIN data_version v ON v.id = x.from_version WHERE from_version <= @version AND to_version > @version

-- name: layer_facilities
SELECT key AS id, geom, key AS facility_id, name, site_id, array_to_string(services, ',') AS services, services[1] AS service, unit_code, address, status,
       weekly_open_days, opened, closed, beds, nursing_beds, capacity_left, address_id, position_level, round(position_score::numeric, 2)::float8 AS position_score, x.source, v.created_at::date AS source_date
FROM facility x LEFT JOIN data_version v ON v.id = x.from_version WHERE from_version <= @version AND to_version > @version

-- name: layer_candidates
SELECT key AS id, geom, key AS candidate_id, name, service, unit_code, x.kind, x.source, v.created_at::date AS source_date
FROM candidate x LEFT JOIN data_version v ON v.id = x.from_version WHERE from_version <= @version AND to_version > @version

-- name: layer_circles
SELECT id, geom, facility_id, name, service, profile, minutes, unit_code, age_group AS "group", people, run_id::text AS run_id, (SELECT as_of FROM run WHERE id = @run) AS as_of, (SELECT engine FROM run WHERE id = @run) AS engine
FROM seen_circle WHERE run_id = @run

-- name: layer_coverage
SELECT c.id, u.geom, c.unit_code, c.name, (ARRAY['province','prefecture','county','township','village'])[c.level] AS level, c.standard, c.age_group AS "group", c.population_basis,
       c.profile, c.minutes, c.class, c.total, c.people, c.share, c.verdict, c.run_id::text AS run_id, (SELECT as_of FROM run WHERE id = @run) AS as_of, (SELECT engine FROM run WHERE id = @run) AS engine
FROM seen_coverage c LEFT JOIN unit_at(@version) u ON u.key = c.unit_code
WHERE c.run_id = @run

-- name: layer_gaps
SELECT id, geom, id AS gap_id, standard, unit_code, name, hamlet, kind, age_group AS "group", people, people_80, nearest_facility_id, nearest_name, nearest_status, minutes, ride_minutes, rank, reason, reason_en, measure, area, run_id::text AS run_id, (SELECT as_of FROM run WHERE id = @run) AS as_of, (SELECT engine FROM run WHERE id = @run) AS engine
FROM seen_gap WHERE run_id = @run

-- name: layer_demand
SELECT id, geom, unit_code, name, age_group AS "group", population_basis, people, points, method, run_id::text AS run_id, (SELECT as_of FROM run WHERE id = @run) AS as_of, (SELECT engine FROM run WHERE id = @run) AS engine
FROM seen_demand WHERE run_id = @run
