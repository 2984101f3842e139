-- +goose Up
-- A run from the API is worked through county by county, on any number of machines; what was found
-- waits here, in the engine's own encoding, until the last part is in and the run is published.
ALTER TABLE run ADD parts integer;               -- how many counties there are
CREATE TABLE run_part (
    run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
    county text   NOT NULL,
    part   bytea  NOT NULL,
    PRIMARY KEY (run_id, county)
);

-- +goose Down
DROP TABLE run_part;
ALTER TABLE run DROP parts;
