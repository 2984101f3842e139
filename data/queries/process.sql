-- Executions of processes.

-- name: add_process_job
INSERT INTO process_job (id, process, owner, inputs) VALUES (@id, @process, @owner, @inputs);

-- name: process_job
SELECT id, process, status, message, progress, created, started, finished, updated, outputs FROM process_job WHERE id = @id AND owner = @owner;

-- name: process_jobs
SELECT id, process, status, message, progress, created, started, finished, updated, NULL::jsonb FROM process_job WHERE owner = @owner ORDER BY created DESC, id LIMIT @limit;

-- name: begin_process_job
UPDATE process_job SET status = 'running', started = coalesce(started, now()), updated = now() WHERE id = @id AND status IN ('accepted', 'running') RETURNING process, inputs;

-- name: process_job_progress
UPDATE process_job SET progress = greatest(progress, @progress::integer), updated = now() WHERE id = @id AND status = 'running';

-- name: end_process_job
UPDATE process_job SET status = @status, message = @message, outputs = @outputs, progress = CASE WHEN @status = 'successful' THEN 100 ELSE progress END, finished = now(), updated = now()
WHERE id = @id AND status = 'running';

-- name: dismiss_process_job
UPDATE process_job SET status = 'dismissed', outputs = NULL, finished = coalesce(finished, now()), updated = now() WHERE id = @id AND owner = @owner AND status <> 'dismissed';
