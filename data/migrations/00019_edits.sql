-- +goose Up
-- Corrections by hand. The row that a correction makes keeps the digest of its source's row, so that the next
-- delivery of the same row changes nothing; when the source's own row changes, it takes the correction's place,
-- which is said here (overruled_by) and in the report of that import.
CREATE TABLE edit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT now(),
    actor        text NOT NULL,
    reason       text NOT NULL CHECK (reason <> ''),
    layer        text NOT NULL CHECK (layer IN ('units', 'places', 'addresses', 'facilities')),
    source       text NOT NULL,
    key          text NOT NULL,
    unit_code    text NOT NULL,
    version      bigint NOT NULL REFERENCES data_version,
    before       jsonb NOT NULL,                  -- the corrected fields alone
    after        jsonb NOT NULL,
    undoes       bigint REFERENCES edit,
    undone_by    bigint REFERENCES edit,
    overruled_by bigint REFERENCES data_version
);
CREATE INDEX edit_row ON edit (layer, key);
ALTER TABLE edit ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON edit FOR SELECT USING (unit_code ~ (SELECT viewer_scope()) AND (SELECT layer_open(layer)));
GRANT SELECT ON edit TO lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;

-- +goose Down
DROP TABLE edit;
