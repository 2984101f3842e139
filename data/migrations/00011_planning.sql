-- +goose Up
-- Validity: units and marks hold for a time, so that any run can be as of a date.
ALTER TABLE unit ADD valid_from date, ADD valid_until date;      -- until: the first day on which it is no more
ALTER TABLE flag ADD valid_from date, ADD valid_until date;
-- People of a hamlet (自然村), counted by themselves; and how far a dwelling is lived in (0 = empty, 1 = lived in).
ALTER TABLE population ADD hamlet text;
ALTER TABLE address ADD occupancy real CHECK (occupancy BETWEEN 0 AND 1);

CREATE OR REPLACE FUNCTION unit_at(version bigint) RETURNS SETOF unit LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT DISTINCT ON (u.key) u.source, u.key, u.from_version, u.to_version, u.name, u.level, u.parent_code, u.reporting_parent, u.class, u.is_island,
        coalesce(u.geom, o.geom), CASE WHEN u.geom IS NULL THEN coalesce(o.point, u.point) ELSE u.point END, u.digest, u.valid_from, u.valid_until
    FROM unit u LEFT JOIN LATERAL (
        SELECT geom, point FROM unit x WHERE u.geom IS NULL AND x.key = u.key AND x.geom IS NOT NULL AND x.from_version <= version AND x.to_version > version
        ORDER BY x.from_version DESC, x.source LIMIT 1) o ON true
    WHERE u.from_version <= version AND u.to_version > version
    ORDER BY u.key, u.from_version DESC, u.source
$$;

-- People of each unit: where hamlets are counted beside their village, the larger of both is the village's number.
CREATE FUNCTION people_at(version bigint) RETURNS TABLE (unit_code text, basis text, age_group text, people bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT p.unit_code, p.basis, p.age_group,
        greatest(coalesce(sum(p.people) FILTER (WHERE p.hamlet IS NULL), 0), coalesce(sum(p.people) FILTER (WHERE p.hamlet IS NOT NULL), 0))
    FROM population_at(version) p GROUP BY 1, 2, 3
$$;
CREATE OR REPLACE FUNCTION people_of(unit text, digits text, version bigint, run bigint) RETURNS TABLE (basis text, "group" text, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.basis, p.age_group, sum(p.people)::bigint
    FROM people_at(CASE WHEN viewer_role() = 'public' THEN (SELECT r.data_version FROM run r WHERE r.id = people_of.run AND r.state = 'published') ELSE people_of.version END) p
    WHERE starts_with(p.unit_code, digits) AND unit ~ viewer_scope() AND layer_open('coverage') AND unit NOT IN (SELECT viewer_withheld())
      AND (viewer_role() IS DISTINCT FROM 'public' OR people_of.run IN (SELECT viewer_runs()) AND EXISTS (SELECT FROM coverage c WHERE c.run_id = people_of.run AND c.unit_code = unit))
    GROUP BY 1, 2
$$;

-- Figures that offices keep (台账): of a unit by its code or of a facility by its id. Several days of one figure stand side by side.
CREATE TABLE figure (
    source text NOT NULL, key text COLLATE "C" NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: subject|name|day
    subject text NOT NULL, name text NOT NULL, value double precision NOT NULL, note text, valid_from date, valid_until date,
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);
-- Where a facility brings its service: to the door, or meals to a village. By units, hamlets or an outline.
CREATE TABLE served_area (
    source text NOT NULL, key text COLLATE "C" NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    facility_id text NOT NULL, kind text NOT NULL CHECK (kind IN ('door', 'delivery')), services text[], unit_code text, hamlet text, valid_from date, valid_until date,
    geom geometry(MultiPolygon, 4326),
    digest bytea NOT NULL,
    CHECK (unit_code IS NOT NULL OR geom IS NOT NULL),
    PRIMARY KEY (source, key, from_version)
);
-- Rows that an import refused, kept with the version that it made: runs of it list them.
CREATE TABLE import_reject (
    version bigint NOT NULL REFERENCES data_version ON DELETE CASCADE,
    file text NOT NULL, number bigint NOT NULL, zh text NOT NULL, en text NOT NULL
);
CREATE INDEX import_reject_version ON import_reject (version);

ALTER TABLE verdict ADD reason_zh text NOT NULL DEFAULT '', ADD reason_en text NOT NULL DEFAULT '';
ALTER TABLE gap ADD hamlet text NOT NULL DEFAULT '', ADD people_80 integer NOT NULL DEFAULT 0, ADD nearest_status text, ADD area text;

-- Coverage on foot by every way of walking beside the standard's own: the band within which the figure stands.
CREATE TABLE coverage_band (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    standard text NOT NULL, unit_code text NOT NULL, level smallint NOT NULL, profile text NOT NULL, people integer NOT NULL, total integer NOT NULL,
    PRIMARY KEY (run_id, standard, unit_code, profile)
);
-- Uncovered settlements that one site could serve together.
CREATE TABLE gap_area (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,
    standard text NOT NULL, unit_code text NOT NULL, name text NOT NULL, people integer NOT NULL, people_80 integer NOT NULL, settlements integer NOT NULL, measure text NOT NULL,
    geom geometry(Geometry, 4326),
    PRIMARY KEY (run_id, id)
);
-- What could be done, ranked by people gained for the cost: idle stations reopened, new sites, delivery routes.
CREATE TABLE gap_option (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,
    standard text NOT NULL, kind text NOT NULL, unit_code text NOT NULL, name text NOT NULL, facility_id text, people integer NOT NULL, cost double precision NOT NULL, rank integer NOT NULL,
    geom geometry(Point, 4326),
    PRIMARY KEY (run_id, id)
);
-- What is wrong or missing in the data that a run read, row by row.
CREATE TABLE run_quality (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    seq integer NOT NULL,
    kind text NOT NULL, subject text NOT NULL, unit_code text NOT NULL, zh text NOT NULL, en text NOT NULL,
    PRIMARY KEY (run_id, seq)
);

DROP VIEW seen_gap, seen_verdict;
CREATE VIEW seen_gap WITH (security_barrier) AS
    SELECT run_id, id, standard, unit_code, name, kind, age_group, nearest_facility_id, nearest_name, nearest_status, minutes, ride_minutes, measure, area, geom,
           CASE WHEN shown THEN hamlet END AS hamlet, CASE WHEN shown THEN people END AS people, CASE WHEN shown THEN people_80 END AS people_80,
           CASE WHEN shown THEN rank END AS rank, CASE WHEN shown THEN reason END AS reason, CASE WHEN shown THEN reason_en END AS reason_en
    FROM (SELECT *, (SELECT viewer_role()) IS DISTINCT FROM 'public' AS shown FROM gap) g
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('gaps'));
CREATE VIEW seen_verdict WITH (security_barrier) AS
    SELECT run_id, standard, unit_code, level, verdict, threshold, CASE WHEN shown THEN value END AS value, CASE WHEN shown THEN numerator END AS numerator, CASE WHEN shown THEN denominator END AS denominator,
           CASE WHEN shown THEN text_zh ELSE '人数较少,不公布' END AS text_zh, CASE WHEN shown THEN text_en ELSE 'not shown: few people' END AS text_en,
           CASE WHEN shown THEN reason_zh ELSE '' END AS reason_zh, CASE WHEN shown THEN reason_en ELSE '' END AS reason_en
    FROM (SELECT *, unit_code NOT IN (SELECT viewer_withheld()) AND run_id IN (SELECT viewer_runs()) AS shown FROM verdict) v
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('coverage'));
-- These three count few people and follow no unit, as circles do: the public sees none of them.
CREATE VIEW seen_band WITH (security_barrier) AS
    SELECT * FROM coverage_band WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT viewer_role()) IS DISTINCT FROM 'public';
CREATE VIEW seen_gap_area WITH (security_barrier) AS
    SELECT * FROM gap_area WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT viewer_role()) IS DISTINCT FROM 'public';
CREATE VIEW seen_gap_option WITH (security_barrier) AS
    SELECT * FROM gap_option WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT viewer_role()) IS DISTINCT FROM 'public';
CREATE VIEW seen_quality WITH (security_barrier) AS
    SELECT * FROM run_quality WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT viewer_role()) IS DISTINCT FROM 'public';
GRANT SELECT ON seen_gap, seen_verdict, seen_band, seen_gap_area, seen_gap_option, seen_quality
    TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;

-- +goose Down
DROP VIEW seen_quality, seen_gap_option, seen_gap_area, seen_band, seen_verdict, seen_gap;
DROP TABLE run_quality, gap_option, gap_area, coverage_band, import_reject, served_area, figure;
ALTER TABLE gap DROP hamlet, DROP people_80, DROP nearest_status, DROP area;
ALTER TABLE verdict DROP reason_zh, DROP reason_en;
CREATE VIEW seen_gap WITH (security_barrier) AS
    SELECT run_id, id, standard, unit_code, name, kind, age_group, nearest_facility_id, nearest_name, minutes, ride_minutes, measure, geom,
           CASE WHEN shown THEN people END AS people, CASE WHEN shown THEN rank END AS rank, CASE WHEN shown THEN reason END AS reason, CASE WHEN shown THEN reason_en END AS reason_en
    FROM (SELECT *, (SELECT viewer_role()) IS DISTINCT FROM 'public' AS shown FROM gap) g
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('gaps'));
CREATE VIEW seen_verdict WITH (security_barrier) AS
    SELECT run_id, standard, unit_code, level, verdict, threshold, CASE WHEN shown THEN value END AS value, CASE WHEN shown THEN numerator END AS numerator, CASE WHEN shown THEN denominator END AS denominator,
           CASE WHEN shown THEN text_zh ELSE '人数较少,不公布' END AS text_zh, CASE WHEN shown THEN text_en ELSE 'not shown: few people' END AS text_en
    FROM (SELECT *, unit_code NOT IN (SELECT viewer_withheld()) AND run_id IN (SELECT viewer_runs()) AS shown FROM verdict) v
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('coverage'));
GRANT SELECT ON seen_gap, seen_verdict TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
CREATE OR REPLACE FUNCTION people_of(unit text, digits text, version bigint, run bigint) RETURNS TABLE (basis text, "group" text, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.basis, p.age_group, sum(p.people)
    FROM population_at(CASE WHEN viewer_role() = 'public' THEN (SELECT r.data_version FROM run r WHERE r.id = people_of.run AND r.state = 'published') ELSE people_of.version END) p
    WHERE starts_with(p.unit_code, digits) AND unit ~ viewer_scope() AND layer_open('coverage') AND unit NOT IN (SELECT viewer_withheld())
      AND (viewer_role() IS DISTINCT FROM 'public' OR people_of.run IN (SELECT viewer_runs()) AND EXISTS (SELECT FROM coverage c WHERE c.run_id = people_of.run AND c.unit_code = unit))
    GROUP BY 1, 2
$$;
DROP FUNCTION people_at(bigint);
ALTER TABLE address DROP occupancy;
ALTER TABLE population DROP hamlet;
ALTER TABLE flag DROP valid_from, DROP valid_until;
DROP FUNCTION unit_at(bigint);
ALTER TABLE unit DROP valid_from, DROP valid_until;
CREATE FUNCTION unit_at(version bigint) RETURNS SETOF unit LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT DISTINCT ON (u.key) u.source, u.key, u.from_version, u.to_version, u.name, u.level, u.parent_code, u.reporting_parent, u.class, u.is_island,
        coalesce(u.geom, o.geom), CASE WHEN u.geom IS NULL THEN coalesce(o.point, u.point) ELSE u.point END, u.digest
    FROM unit u LEFT JOIN LATERAL (
        SELECT geom, point FROM unit x WHERE u.geom IS NULL AND x.key = u.key AND x.geom IS NOT NULL AND x.from_version <= version AND x.to_version > version
        ORDER BY x.from_version DESC, x.source LIMIT 1) o ON true
    WHERE u.from_version <= version AND u.to_version > version
    ORDER BY u.key, u.from_version DESC, u.source
$$;
