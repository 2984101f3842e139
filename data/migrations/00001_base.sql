-- +goose Up
-- Versioned base data. Every publication of an import is one data_version; a row lives in
-- [from_version, to_version), so that any run can read the data exactly as it saw them.
-- Geometry is lon/lat in SRID 4326 (CGCS2000 taken as equal, EPSG's own null transformation).
CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE data_version (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at    timestamptz NOT NULL DEFAULT now(),
    kind          text        NOT NULL,           -- units, places, … : what was imported
    source        text        NOT NULL,           -- the deliverer's name; rows merge by (source, key)
    files         text[]      NOT NULL DEFAULT '{}',
    crs           text        NOT NULL DEFAULT '',
    is_demo       boolean     NOT NULL DEFAULT false,
    rows_added    bigint      NOT NULL DEFAULT 0,
    rows_changed  bigint      NOT NULL DEFAULT 0,
    rows_removed  bigint      NOT NULL DEFAULT 0,
    rows_rejected bigint      NOT NULL DEFAULT 0
);

-- to_version of a living row: larger than any version, so that one comparison serves all reads.
CREATE FUNCTION open_version() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 9223372036854775807;

CREATE TABLE unit (
    source           text     NOT NULL,
    key              text     NOT NULL,           -- the division code, 12 digits
    from_version     bigint   NOT NULL,
    to_version       bigint   NOT NULL DEFAULT open_version(),
    name             text     NOT NULL,
    level            smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    parent_code      text,
    reporting_parent text,
    class            text,                        -- 城乡分类 111 … 220
    is_island        boolean  NOT NULL DEFAULT false,
    geom             geometry(MultiPolygon, 4326),
    point            geometry(Point, 4326),       -- inside the polygon, or as delivered
    digest           bytea    NOT NULL,           -- of the row's content: the same file twice changes nothing
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE place (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    name text NOT NULL, romanisation text, aliases text[] NOT NULL DEFAULT '{}', class text, unit_code text, meaning text,
    geom geometry(Point, 4326),
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE address (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    full_text text NOT NULL, unit_code text, street text, hamlet text, plate text, compound text, building text, use text,
    geom geometry(Point, 4326),
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE facility (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    name text NOT NULL, site_id text, services text[] NOT NULL, unit_code text, address text,
    status text NOT NULL DEFAULT 'operating' CHECK (status IN ('operating', 'suspended', 'planned', 'closed')),
    weekly_open_days smallint CHECK (weekly_open_days BETWEEN 0 AND 7),
    opened date, closed date,
    beds integer CHECK (beds >= 0), nursing_beds integer CHECK (nursing_beds >= 0), capacity_left integer CHECK (capacity_left >= 0),
    geom geometry(Point, 4326),
    digest bytea NOT NULL,
    CHECK (nursing_beds IS NULL OR beds IS NULL OR nursing_beds <= beds),
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE population (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: unit|basis|group
    unit_code text NOT NULL, basis text NOT NULL, age_group text NOT NULL,
    people integer NOT NULL CHECK (people >= 0), counted_on date,
    geom geometry(Point, 4326),                   -- for points that are no unit of the tree (grid cells)
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE flag (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: unit|flag
    unit_code text NOT NULL, flag text NOT NULL, value boolean NOT NULL, document text,
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE exclusion (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    kind text NOT NULL, name text,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

CREATE TABLE candidate (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    name text NOT NULL, service text, unit_code text, kind text,
    geom geometry(Point, 4326) NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

-- A network is immutable and named by the digest of its graph; versions refer to it.
CREATE TABLE network (
    digest        text PRIMARY KEY,
    source_file   text        NOT NULL,
    source_digest text        NOT NULL,
    nodes         bigint      NOT NULL,
    arcs          bigint      NOT NULL,
    bytes         bigint      NOT NULL,
    bound         geometry(Polygon, 4326) NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- The graph file itself in pieces, so that any machine with the database can fetch it by digest.
CREATE TABLE network_chunk (
    digest text NOT NULL REFERENCES network ON DELETE CASCADE,
    seq    integer NOT NULL,
    bytes  bytea NOT NULL,
    PRIMARY KEY (digest, seq)
);
ALTER TABLE network_chunk ALTER bytes SET STORAGE EXTERNAL;

CREATE TABLE network_version (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(),
    digest text NOT NULL REFERENCES network,
    PRIMARY KEY (source, key, from_version)
);

-- Streets and water of a network for the base map.
CREATE TABLE road (
    digest text NOT NULL REFERENCES network ON DELETE CASCADE,
    class  text NOT NULL,
    name   text,
    bridge boolean NOT NULL DEFAULT false,
    geom   geometry(LineString, 4326) NOT NULL
);
CREATE TABLE water (
    digest text NOT NULL REFERENCES network ON DELETE CASCADE,
    kind   text NOT NULL,                         -- river, stream, canal, lake, sea, coastline
    name   text,
    geom   geometry(Geometry, 4326) NOT NULL
);

CREATE INDEX unit_geom ON unit USING gist (geom);
CREATE INDEX unit_open ON unit (key) WHERE to_version = 9223372036854775807;
CREATE INDEX unit_parent ON unit (parent_code);
CREATE INDEX place_geom ON place USING gist (geom);
CREATE INDEX place_key ON place (key COLLATE "C");
CREATE INDEX address_geom ON address USING gist (geom);
CREATE INDEX address_key ON address (key COLLATE "C");
CREATE INDEX address_unit ON address (unit_code);
CREATE INDEX facility_geom ON facility USING gist (geom);
CREATE INDEX facility_key ON facility (key COLLATE "C");
CREATE INDEX population_unit ON population (unit_code);
CREATE INDEX exclusion_geom ON exclusion USING gist (geom);
CREATE INDEX candidate_geom ON candidate USING gist (geom);
CREATE INDEX road_geom ON road USING gist (geom);
CREATE INDEX water_geom ON water USING gist (geom);

-- +goose Down
DROP TABLE water, road, network_version, network_chunk, network, candidate, exclusion, flag, population, facility, address, place, unit, data_version;
DROP FUNCTION open_version();
