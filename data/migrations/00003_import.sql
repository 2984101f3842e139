-- +goose Up
-- An import under way: its checked rows wait in staging.rows_ID, its rejects in staging.rejects_ID.
-- Rows are committed in chunks; rows_done says how many rows of the files are behind us, so that an
-- import that was killed goes on from there. The tables and the job go away with the publication.
CREATE SCHEMA staging;
CREATE TABLE import_job (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text        NOT NULL,
    source     text        NOT NULL,
    digest     text        NOT NULL,              -- of the files' bytes and of what was asked
    rows_done  bigint      NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, source)
);

-- +goose Down
DROP TABLE import_job;
DROP SCHEMA staging CASCADE;
