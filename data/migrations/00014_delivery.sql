-- +goose Up
-- What a version was made of, so that the same files again are known without reading them, and
-- what was said of them. Staged rows are no longer logged: rows_staged tells whether they are all there.
ALTER TABLE data_version ADD delivery text, ADD report jsonb;
ALTER TABLE import_job ADD rows_staged bigint NOT NULL DEFAULT 0, ADD files text[] NOT NULL DEFAULT '{}';
DELETE FROM import_job;

-- +goose Down
ALTER TABLE import_job DROP files, DROP rows_staged;
ALTER TABLE data_version DROP report, DROP delivery;
