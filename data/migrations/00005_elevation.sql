-- +goose Up
-- Elevation files as they came: networks that are imported later take their heights from them.
-- A network's own heights are in its graph file, so that runs need no elevation.
CREATE TABLE elevation (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: file name
    digest text NOT NULL,                         -- sha256 of the file
    PRIMARY KEY (source, key, from_version)
);
CREATE TABLE elevation_chunk (
    digest text NOT NULL,
    seq    integer NOT NULL,
    bytes  bytea NOT NULL,
    PRIMARY KEY (digest, seq)
);
ALTER TABLE elevation_chunk ALTER bytes SET STORAGE EXTERNAL;

-- +goose Down
DROP TABLE elevation_chunk, elevation;
