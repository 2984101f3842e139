-- +goose Up
-- Executions of processes that were asked for over HTTP and run in the background, with what came out.
CREATE TABLE process_job (
    id       text PRIMARY KEY,
    process  text        NOT NULL,
    owner    text        NOT NULL,                -- login name; '' on an open demo
    inputs   jsonb       NOT NULL,
    status   text        NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
    progress integer     NOT NULL DEFAULT 0,
    message  text        NOT NULL DEFAULT '',
    outputs  jsonb,
    created  timestamptz NOT NULL DEFAULT now(),
    started  timestamptz,
    finished timestamptz,
    updated  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX process_job_owner ON process_job (owner, created);

-- +goose Down
DROP TABLE process_job;
