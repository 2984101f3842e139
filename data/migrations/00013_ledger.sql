-- +goose Up
-- The list of gaps as it is worked (缺口清单). What a run measured is written by the program when the list
-- is held against the run; what officials say is changed with their own rights, one line of history for each change.
CREATE TABLE gap_ledger (
    id text COLLATE "C" PRIMARY KEY,              -- the gap's identity
    standard text NOT NULL, unit_code text NOT NULL, hamlet text NOT NULL, kind text NOT NULL,
    people integer NOT NULL, people_80 integer NOT NULL,
    nearest_facility_id text NOT NULL, nearest_name text NOT NULL, nearest_status text NOT NULL,
    minutes double precision, ride_minutes double precision, reason text NOT NULL, reason_en text NOT NULL, measure text NOT NULL,
    first_run bigint NOT NULL, last_run bigint NOT NULL, -- that found it
    checked_run bigint NOT NULL,                  -- that it was last held against
    state text NOT NULL DEFAULT 'to_verify' CHECK (state IN ('to_verify', 'confirmed', 'data_wrong', 'planned', 'closed')),
    stage text NOT NULL DEFAULT 'open' CHECK (stage IN ('open', 'submitted', 'reviewed', 'accepted', 'returned')),
    plan_year integer, body text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '', returned text NOT NULL DEFAULT '',
    revision bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text NOT NULL DEFAULT '',
    CHECK (state <> 'planned' OR plan_year IS NOT NULL AND body <> '')
);
CREATE INDEX gap_ledger_unit ON gap_ledger (unit_code COLLATE "C");
CREATE TABLE gap_ledger_history (
    gap_id text COLLATE "C" NOT NULL REFERENCES gap_ledger,
    revision bigint NOT NULL,
    unit_code text NOT NULL, at timestamptz NOT NULL, actor text NOT NULL, action text NOT NULL,
    stage text NOT NULL, state text NOT NULL, plan_year integer, body text NOT NULL, note text NOT NULL, reason text NOT NULL,
    PRIMARY KEY (gap_id, revision)
);

ALTER TABLE gap_ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE gap_ledger_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON gap_ledger FOR SELECT USING (coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())));
CREATE POLICY seen ON gap_ledger_history FOR SELECT USING (coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())));
-- Editors change what they are in charge of while it is not accepted, and cannot accept; those above accept and return.
CREATE POLICY worked ON gap_ledger FOR UPDATE TO lifecircle_town_editor, lifecircle_county_editor
    USING (unit_code ~ (SELECT viewer_charge()) AND stage <> 'accepted') WITH CHECK (unit_code ~ (SELECT viewer_charge()) AND stage <> 'accepted');
CREATE POLICY accepted ON gap_ledger FOR UPDATE TO lifecircle_planner USING (unit_code ~ (SELECT viewer_scope())) WITH CHECK (unit_code ~ (SELECT viewer_scope()));
CREATE POLICY worked ON gap_ledger_history FOR INSERT TO lifecircle_town_editor, lifecircle_county_editor WITH CHECK (unit_code ~ (SELECT viewer_charge()));
CREATE POLICY accepted ON gap_ledger_history FOR INSERT TO lifecircle_planner WITH CHECK (unit_code ~ (SELECT viewer_scope()));
GRANT SELECT ON gap_ledger, gap_ledger_history TO lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
GRANT UPDATE (state, stage, plan_year, body, note, returned, revision, updated_at, updated_by) ON gap_ledger TO lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
GRANT INSERT ON gap_ledger_history TO lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;

-- What workbooks say of a run's gaps; the public is told nothing.
CREATE VIEW seen_gap_ledger WITH (security_barrier) AS
    SELECT id, state, stage, plan_year, body, note FROM gap_ledger
    WHERE coalesce(starts_with(unit_code, (SELECT viewer_prefix())), unit_code ~ (SELECT viewer_scope())) AND (SELECT viewer_role()) IS DISTINCT FROM 'public';
GRANT SELECT ON seen_gap_ledger TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;

-- +goose Down
DROP VIEW seen_gap_ledger;
DROP TABLE gap_ledger_history, gap_ledger;
