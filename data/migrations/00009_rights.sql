-- +goose Up
-- Rights inside the database. The program connects as the owner and steps down to one of these roles for
-- every read on behalf of somebody (SET LOCAL ROLE), with the scope in lifecircle.scope and lifecircle.charge;
-- people who log in to PostgreSQL themselves get role and scope from database_login, and cannot set them.
-- +goose StatementBegin
DO $$
DECLARE r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['public', 'viewer', 'town_editor', 'county_editor', 'planner', 'auditor', 'system_admin', 'security_admin'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'lifecircle_' || r);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles are those of the whole server
        END;
        EXECUTE format('GRANT %I TO CURRENT_USER', 'lifecircle_' || r);
    END LOOP;
END $$;
-- +goose StatementEnd

CREATE TABLE database_login (
    login  name PRIMARY KEY,                      -- a PostgreSQL role that may log in
    role   text NOT NULL CHECK (role IN ('viewer', 'town_editor', 'county_editor', 'planner')),
    prefix text NOT NULL CHECK (prefix ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$')
);

-- Units whose counts of people are not shown to the public, in any run: they have a count below the
-- limit, or one could be found by subtraction. Only ever added to (planner/suppress tells why).
CREATE TABLE withheld (
    unit_code text PRIMARY KEY
);
-- The limit that a run was masked for; until then, and when the limit is raised, its counts are not shown to the public.
ALTER TABLE run ADD small_number integer;

-- Who is looking: NULL for the program itself.
-- +goose StatementBegin
CREATE FUNCTION viewer_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN session_user = current_user THEN nullif(regexp_replace(current_setting('role'), '^lifecircle_', ''), 'none')
                ELSE coalesce((SELECT role FROM database_login WHERE login = session_user), 'nobody') END
$$;
-- +goose StatementEnd

-- A regular expression that the codes match which the viewer reads; '$x' matches none.
-- +goose StatementBegin
CREATE FUNCTION viewer_scope() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN session_user <> current_user THEN coalesce((SELECT '^' || prefix FROM database_login WHERE login = session_user), '$x')
                WHEN viewer_role() IS NULL THEN '' ELSE coalesce(nullif(current_setting('lifecircle.scope', true), ''), '$x') END
$$;
-- The one prefix of a scope that has one, which is compared ten times faster than an expression.
CREATE FUNCTION viewer_prefix() RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT substring(viewer_scope() FROM '^\^?\(?([0-9]*)\)?$')
$$;
CREATE FUNCTION viewer_charge() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN session_user <> current_user THEN '$x'
                WHEN viewer_role() IS NULL THEN '' ELSE coalesce(nullif(current_setting('lifecircle.charge', true), ''), '$x') END
$$;
-- What the public sees is a setting; candidates and scenarios are for those who plan and edit.
CREATE FUNCTION layer_open(layer text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE viewer_role()
        WHEN 'public' THEN layer <> 'candidates' AND coalesce((SELECT value ? layer FROM access_setting WHERE key = 'public_layers'), false)
        WHEN 'viewer' THEN layer <> 'candidates'
        ELSE true END
$$;
-- Units above the scope.
CREATE FUNCTION viewer_above() RETURNS SETOF text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT rpad(substr(d[1], 1, n), 12, '0') FROM regexp_matches(viewer_scope(), '[0-9]{2,}', 'g') d, unnest(ARRAY[2, 4, 6, 9]) n WHERE n < length(d[1])
$$;
-- Units whose people the viewer is not shown.
CREATE FUNCTION viewer_withheld() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT unit_code FROM withheld WHERE viewer_role() = 'public'
$$;
-- +goose StatementEnd

-- Runs whose counts the viewer is shown.
-- +goose StatementBegin
CREATE FUNCTION viewer_runs() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM run WHERE viewer_role() IS DISTINCT FROM 'public' OR small_number >= (SELECT coalesce((SELECT value::text::integer FROM access_setting WHERE key = 'small_number'), 10))
$$;
-- +goose StatementEnd

-- The layers that count people, as the viewer may see them.
CREATE VIEW seen_coverage WITH (security_barrier) AS
    SELECT run_id, id, unit_code, name, level, standard, age_group, population_basis, profile, minutes, class, verdict,
           CASE WHEN shown THEN total END AS total, CASE WHEN shown THEN people END AS people, CASE WHEN shown THEN share END AS share
    FROM (SELECT *, unit_code NOT IN (SELECT viewer_withheld()) AND run_id IN (SELECT viewer_runs()) AS shown FROM coverage) c
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('coverage'));
-- Gaps are those of hamlets, small by nature: the public sees where and why they are, and no count.
CREATE VIEW seen_gap WITH (security_barrier) AS
    SELECT run_id, id, standard, unit_code, name, kind, age_group, nearest_facility_id, nearest_name, minutes, ride_minutes, measure, geom,
           CASE WHEN shown THEN people END AS people, CASE WHEN shown THEN rank END AS rank, CASE WHEN shown THEN reason END AS reason, CASE WHEN shown THEN reason_en END AS reason_en
    FROM (SELECT *, (SELECT viewer_role()) IS DISTINCT FROM 'public' AS shown FROM gap) g
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('gaps'));
CREATE VIEW seen_demand WITH (security_barrier) AS
    SELECT run_id, id, unit_code, name, age_group, population_basis, method, geom, CASE WHEN shown THEN people END AS people, CASE WHEN shown THEN points END AS points
    FROM (SELECT *, unit_code NOT IN (SELECT viewer_withheld()) AND run_id IN (SELECT viewer_runs()) AS shown FROM demand) d
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('demand'));
-- Circles overlap and cross borders: no complement could protect their counts, so the public sees none of them.
CREATE VIEW seen_circle WITH (security_barrier) AS
    SELECT run_id, id, facility_id, name, service, profile, minutes, unit_code, age_group, geom, CASE WHEN (SELECT viewer_role()) IS DISTINCT FROM 'public' THEN people END AS people
    FROM circle WHERE coalesce(starts_with(coalesce(unit_code, ''), (SELECT viewer_prefix())), coalesce(unit_code, '') ~ (SELECT viewer_scope())) AND (SELECT layer_open('circles'));
CREATE VIEW seen_verdict WITH (security_barrier) AS
    SELECT run_id, standard, unit_code, level, verdict, threshold, CASE WHEN shown THEN value END AS value, CASE WHEN shown THEN numerator END AS numerator, CASE WHEN shown THEN denominator END AS denominator,
           CASE WHEN shown THEN text_zh ELSE '人数较少,不公布' END AS text_zh, CASE WHEN shown THEN text_en ELSE 'not shown: few people' END AS text_en
    FROM (SELECT *, unit_code NOT IN (SELECT viewer_withheld()) AND run_id IN (SELECT viewer_runs()) AS shown FROM verdict) v
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT layer_open('coverage'));

-- People of a unit. The public sees those that a run has made safe, never newer ones.
-- +goose StatementBegin
CREATE FUNCTION people_of(unit text, digits text, version bigint, run bigint) RETURNS TABLE (basis text, "group" text, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.basis, p.age_group, sum(p.people)
    FROM population_at(CASE WHEN viewer_role() = 'public' THEN (SELECT r.data_version FROM run r WHERE r.id = people_of.run AND r.state = 'published') ELSE people_of.version END) p
    WHERE starts_with(p.unit_code, digits) AND unit ~ viewer_scope() AND layer_open('coverage') AND unit NOT IN (SELECT viewer_withheld())
      AND (viewer_role() IS DISTINCT FROM 'public' OR people_of.run IN (SELECT viewer_runs()) AND EXISTS (SELECT FROM coverage c WHERE c.run_id = people_of.run AND c.unit_code = unit))
    GROUP BY 1, 2
$$;
-- +goose StatementEnd

ALTER TABLE unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE place ENABLE ROW LEVEL SECURITY;
ALTER TABLE address ENABLE ROW LEVEL SECURITY;
ALTER TABLE facility ENABLE ROW LEVEL SECURITY;
ALTER TABLE candidate ENABLE ROW LEVEL SECURITY;
ALTER TABLE population ENABLE ROW LEVEL SECURITY;
-- Units above the scope are seen, so that a map and a path have their names.
CREATE POLICY seen ON unit FOR SELECT USING ((coalesce(starts_with(key, (SELECT viewer_prefix())), key ~ (SELECT viewer_scope())) OR key IN (SELECT viewer_above())) AND (SELECT layer_open('units')));
CREATE POLICY seen ON place FOR SELECT USING (coalesce(starts_with(coalesce(unit_code, ''), (SELECT viewer_prefix())), coalesce(unit_code, '') ~ (SELECT viewer_scope())) AND (SELECT layer_open('places')));
CREATE POLICY seen ON address FOR SELECT USING (coalesce(starts_with(coalesce(unit_code, ''), (SELECT viewer_prefix())), coalesce(unit_code, '') ~ (SELECT viewer_scope())) AND (SELECT layer_open('addresses')));
CREATE POLICY seen ON facility FOR SELECT USING (coalesce(starts_with(coalesce(unit_code, ''), (SELECT viewer_prefix())), coalesce(unit_code, '') ~ (SELECT viewer_scope())) AND (SELECT layer_open('facilities')));
CREATE POLICY seen ON candidate FOR SELECT USING (coalesce(starts_with(coalesce(unit_code, ''), (SELECT viewer_prefix())), coalesce(unit_code, '') ~ (SELECT viewer_scope())) AND (SELECT layer_open('candidates')));
CREATE POLICY seen ON population FOR SELECT USING (coalesce(starts_with(coalesce(unit_code, ''), (SELECT viewer_prefix())), coalesce(unit_code, '') ~ (SELECT viewer_scope())));
-- Ledgers are changed by those in charge: a development zone's by the zone, not by the county that the code names.
CREATE POLICY added ON facility FOR INSERT WITH CHECK (coalesce(unit_code, '') ~ (SELECT viewer_charge()));
CREATE POLICY changed ON facility FOR UPDATE USING (coalesce(unit_code, '') ~ (SELECT viewer_charge())) WITH CHECK (coalesce(unit_code, '') ~ (SELECT viewer_charge()));

GRANT USAGE ON SCHEMA public TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner, lifecircle_auditor;
GRANT SELECT ON unit, place, address, facility, seen_coverage, seen_gap, seen_demand, seen_circle, seen_verdict
    TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
GRANT SELECT ON population TO lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
GRANT SELECT ON candidate TO lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
GRANT INSERT, UPDATE ON facility TO lifecircle_town_editor, lifecircle_county_editor;
GRANT SELECT ON audit_log TO lifecircle_auditor;

-- +goose Down
DROP POLICY added ON facility;
DROP POLICY changed ON facility;
DROP POLICY seen ON unit;
DROP POLICY seen ON place;
DROP POLICY seen ON address;
DROP POLICY seen ON facility;
DROP POLICY seen ON candidate;
DROP POLICY seen ON population;
ALTER TABLE unit DISABLE ROW LEVEL SECURITY;
ALTER TABLE place DISABLE ROW LEVEL SECURITY;
ALTER TABLE address DISABLE ROW LEVEL SECURITY;
ALTER TABLE facility DISABLE ROW LEVEL SECURITY;
ALTER TABLE candidate DISABLE ROW LEVEL SECURITY;
ALTER TABLE population DISABLE ROW LEVEL SECURITY;
DROP FUNCTION people_of(text, text, bigint, bigint);
DROP VIEW seen_verdict, seen_circle, seen_demand, seen_gap, seen_coverage;
DROP FUNCTION viewer_runs(), viewer_withheld(), viewer_above(), layer_open(text), viewer_charge(), viewer_prefix(), viewer_scope(), viewer_role();
ALTER TABLE run DROP small_number;
DROP TABLE withheld, database_login;
DROP OWNED BY lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner, lifecircle_auditor, lifecircle_system_admin, lifecircle_security_admin;
