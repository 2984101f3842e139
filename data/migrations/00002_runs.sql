-- +goose Up
-- Runs are immutable: a run's rows are written in the transaction that publishes it, and never after.
CREATE TABLE run (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text        NOT NULL,
    state          text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'published', 'failed', 'canceled')),
    data_version   bigint      NOT NULL,
    network_digest text        REFERENCES network,
    as_of          date        NOT NULL,
    spec           jsonb       NOT NULL,          -- what was asked: units, standards, assumptions
    engine         text        NOT NULL DEFAULT '',
    digest         text,                          -- of inputs, standards, assumptions, engine and results
    summary        jsonb,                         -- the figures
    progress       real        NOT NULL DEFAULT 0,
    error          text,
    is_demo        boolean     NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz,
    published_at   timestamptz,
    CHECK ((state = 'published') = (digest IS NOT NULL AND published_at IS NOT NULL))
);

CREATE TABLE circle (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,                 -- facility.minutes
    facility_id text NOT NULL, name text NOT NULL, service text NOT NULL, profile text NOT NULL, minutes integer NOT NULL,
    unit_code text, age_group text NOT NULL, people integer NOT NULL,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (run_id, id)
);

CREATE TABLE coverage (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,                 -- unit.standard.group.basis.profile.class
    unit_code text NOT NULL, name text NOT NULL, level smallint NOT NULL, standard text NOT NULL, age_group text NOT NULL,
    population_basis text NOT NULL, profile text NOT NULL, minutes integer, class text NOT NULL,
    total integer NOT NULL, people integer NOT NULL, share double precision, verdict text NOT NULL,
    PRIMARY KEY (run_id, id)
);

CREATE TABLE gap (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,                 -- the gap's identity, the same in every run that finds it
    standard text NOT NULL, unit_code text NOT NULL, name text NOT NULL, kind text NOT NULL, age_group text NOT NULL,
    people integer NOT NULL, nearest_facility_id text, nearest_name text, minutes double precision, ride_minutes double precision,
    rank integer NOT NULL, reason text NOT NULL, reason_en text NOT NULL, measure text NOT NULL,
    geom geometry(Point, 4326),
    PRIMARY KEY (run_id, id)
);

CREATE TABLE demand (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,                 -- unit.group.basis
    unit_code text NOT NULL, name text NOT NULL, age_group text NOT NULL, population_basis text NOT NULL,
    people integer NOT NULL, points integer NOT NULL, method text NOT NULL,
    geom geometry(Point, 4326),
    PRIMARY KEY (run_id, id)
);

-- One verdict for each standard and unit that it is judged on.
CREATE TABLE verdict (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    standard text NOT NULL, unit_code text NOT NULL, level smallint NOT NULL,
    verdict text NOT NULL, value double precision, threshold double precision, numerator bigint, denominator bigint,
    text_zh text NOT NULL, text_en text NOT NULL,
    PRIMARY KEY (run_id, standard, unit_code)
);

CREATE INDEX circle_geom ON circle USING gist (geom);
CREATE INDEX gap_geom ON gap USING gist (geom);
CREATE INDEX gap_rank ON gap (run_id, standard, rank);
CREATE INDEX coverage_unit ON coverage (run_id, unit_code);
CREATE INDEX demand_geom ON demand USING gist (geom);

-- +goose Down
DROP TABLE verdict, demand, gap, coverage, circle, run;
