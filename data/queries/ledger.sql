-- The list of gaps as it is worked.

-- name: ledger_rows
SELECT l.id, l.standard, l.unit_code, coalesce(t.name, ''), CASE WHEN length(rtrim(l.unit_code, '0')) > 9 OR u.level = 5 THEN coalesce(u.name, '') ELSE '' END, l.hamlet, l.kind, l.people, l.people_80,
       l.nearest_facility_id, l.nearest_name, l.nearest_status, l.minutes, l.ride_minutes, l.reason, l.reason_en, l.measure, l.first_run, l.last_run,
       CASE WHEN l.last_run < l.checked_run THEN 'gone' WHEN l.first_run = l.checked_run THEN 'new' ELSE 'persisting' END,
       l.state, l.plan_year, l.body, l.note, l.stage, l.returned, l.revision, l.updated_at, l.updated_by
FROM gap_ledger l
LEFT JOIN LATERAL (SELECT name, level FROM unit x WHERE x.key = l.unit_code AND x.to_version = open_version() ORDER BY x.from_version DESC LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT name FROM unit x WHERE x.key = substr(l.unit_code, 1, 9) || '000' AND x.to_version = open_version() AND x.level = 4 ORDER BY x.from_version DESC LIMIT 1) t ON true
WHERE starts_with(l.unit_code, @unit) AND (@standard = '' OR l.standard = @standard) AND (@kind = '' OR l.kind = @kind) AND (@state = '' OR l.state = @state) AND (@stage = '' OR l.stage = @stage)
  AND (@trend = '' OR @trend = CASE WHEN l.last_run < l.checked_run THEN 'gone' WHEN l.first_run = l.checked_run THEN 'new' ELSE 'persisting' END)
  AND (@text = '' OR position(@text IN concat_ws(' ', u.name, t.name, l.hamlet, l.reason, l.note, l.body, l.nearest_name)) > 0)
  AND (@ids::text[] IS NULL OR l.id = ANY (@ids::text[]))
ORDER BY CASE WHEN @sort = '-people' THEN l.people END DESC, CASE WHEN @sort = 'people' THEN l.people END, CASE WHEN @sort = '-minutes' THEN l.minutes END DESC NULLS LAST,
         CASE WHEN @sort = 'minutes' THEN l.minutes END, CASE WHEN @sort = 'updated' THEN l.updated_at END DESC, l.unit_code COLLATE "C", l.id
LIMIT nullif(@limit::bigint, 0) OFFSET @offset;

-- name: ledger_count
SELECT count(*)
FROM gap_ledger l
LEFT JOIN LATERAL (SELECT name FROM unit x WHERE x.key = l.unit_code AND x.to_version = open_version() ORDER BY x.from_version DESC LIMIT 1) u ON @text <> ''
LEFT JOIN LATERAL (SELECT name FROM unit x WHERE x.key = substr(l.unit_code, 1, 9) || '000' AND x.to_version = open_version() AND x.level = 4 ORDER BY x.from_version DESC LIMIT 1) t ON @text <> ''
WHERE starts_with(l.unit_code, @unit) AND (@standard = '' OR l.standard = @standard) AND (@kind = '' OR l.kind = @kind) AND (@state = '' OR l.state = @state) AND (@stage = '' OR l.stage = @stage)
  AND (@trend = '' OR @trend = CASE WHEN l.last_run < l.checked_run THEN 'gone' WHEN l.first_run = l.checked_run THEN 'new' ELSE 'persisting' END)
  AND (@text = '' OR position(@text IN concat_ws(' ', u.name, t.name, l.hamlet, l.reason, l.note, l.body, l.nearest_name)) > 0);

-- name: ledger_lock
SELECT id FROM gap_ledger WHERE id = ANY (@ids::text[]) ORDER BY id FOR UPDATE;

-- name: ledger_change
UPDATE gap_ledger SET state = @state, stage = @stage, plan_year = @year, body = @body, note = @note, returned = @returned, revision = revision + 1, updated_at = @at, updated_by = @by
WHERE id = @id AND revision = @revision;

-- name: ledger_note
INSERT INTO gap_ledger_history (gap_id, revision, unit_code, at, actor, action, stage, state, plan_year, body, note, reason)
VALUES (@id, @revision, @unit, @at, @by, @action, @stage, @state, @year, @body, @note, @reason);

-- name: ledger_history
SELECT revision, at, actor, action, stage, state, plan_year, body, note, reason FROM gap_ledger_history WHERE gap_id = @id ORDER BY revision;

-- name: ledger_charge
SELECT set_config('lifecircle.scope', @scope, true), set_config('lifecircle.charge', @charge, true), set_config('role', @role, true);

-- name: ledger_leave
SELECT set_config('role', 'none', true);

-- name: ledger_zone
SELECT coalesce(max(reporting_parent), '') FROM unit WHERE key = substr(@unit, 1, 9) || '000' AND to_version = open_version() AND reporting_parent IS NOT NULL AND reporting_parent <> coalesce(parent_code, '');

-- name: ledger_open
WITH asked AS (SELECT coalesce(array_agg('^' || rtrim(u, '0')), '{}') AS units, count(*) AS n FROM run r, jsonb_array_elements_text(coalesce(r.spec->'units', '[]')) u WHERE r.id = @run),
found AS (
    -- the list counts elders, whatever group a standard speaks of
    SELECT g.run_id, g.id, g.standard, g.unit_code, g.hamlet, g.kind, g.nearest_facility_id, g.nearest_name, g.nearest_status, g.minutes, g.ride_minutes, g.reason, g.reason_en, g.measure,
           CASE WHEN g.age_group = '60+' THEN g.people ELSE coalesce(e.total, 0) END AS people, CASE WHEN g.age_group = '60+' THEN g.people_80 ELSE coalesce(o.total, 0) END AS people_80
    FROM gap g
    LEFT JOIN LATERAL (SELECT total FROM coverage c WHERE c.run_id = @run AND c.unit_code = g.unit_code AND c.age_group = '60+' AND c.population_basis = 'resident' LIMIT 1) e ON g.age_group <> '60+'
    LEFT JOIN LATERAL (SELECT total FROM coverage c WHERE c.run_id = @run AND c.unit_code = g.unit_code AND c.age_group = '80+' AND c.population_basis = 'resident' LIMIT 1) o ON g.age_group <> '60+'
    WHERE g.run_id = @run),
known AS (SELECT id FROM gap_ledger FOR UPDATE),
added AS (
    INSERT INTO gap_ledger (id, standard, unit_code, hamlet, kind, people, people_80, nearest_facility_id, nearest_name, nearest_status, minutes, ride_minutes, reason, reason_en, measure, first_run, last_run, checked_run)
    SELECT id, standard, unit_code, hamlet, kind, people, people_80, coalesce(nearest_facility_id, ''), coalesce(nearest_name, ''), coalesce(nearest_status, ''), minutes, ride_minutes, reason, reason_en, measure, @run, @run, @run
    FROM found WHERE id NOT IN (SELECT id FROM known) RETURNING 1),
again AS (
    UPDATE gap_ledger l SET last_run = @run, checked_run = @run, -- an accepted row keeps the figures that were accepted
        kind = CASE WHEN l.stage = 'accepted' THEN l.kind ELSE f.kind END, people = CASE WHEN l.stage = 'accepted' THEN l.people ELSE f.people END, people_80 = CASE WHEN l.stage = 'accepted' THEN l.people_80 ELSE f.people_80 END,
        nearest_facility_id = CASE WHEN l.stage = 'accepted' THEN l.nearest_facility_id ELSE coalesce(f.nearest_facility_id, '') END, nearest_name = CASE WHEN l.stage = 'accepted' THEN l.nearest_name ELSE coalesce(f.nearest_name, '') END,
        nearest_status = CASE WHEN l.stage = 'accepted' THEN l.nearest_status ELSE coalesce(f.nearest_status, '') END, minutes = CASE WHEN l.stage = 'accepted' THEN l.minutes ELSE f.minutes END,
        ride_minutes = CASE WHEN l.stage = 'accepted' THEN l.ride_minutes ELSE f.ride_minutes END, reason = CASE WHEN l.stage = 'accepted' THEN l.reason ELSE f.reason END,
        reason_en = CASE WHEN l.stage = 'accepted' THEN l.reason_en ELSE f.reason_en END, measure = CASE WHEN l.stage = 'accepted' THEN l.measure ELSE f.measure END
    FROM found f WHERE f.id = l.id RETURNING 1),
gone AS (
    UPDATE gap_ledger l SET checked_run = @run
    FROM asked WHERE l.id NOT IN (SELECT id FROM found) AND (asked.n = 0 OR l.unit_code ~ ANY (asked.units))
      AND l.standard IN (SELECT s->>'id' FROM run r, jsonb_array_elements(r.summary->'standards') s WHERE r.id = @run) RETURNING 1)
SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM again), (SELECT count(*) FROM gone);

-- name: ledger_place
SELECT coalesce((SELECT name FROM unit u WHERE u.to_version = open_version() AND u.key = CASE WHEN @prefix::text <> '' THEN rpad(@prefix, 12, '0')
                    ELSE (SELECT min(key) FROM unit x WHERE x.to_version = open_version() AND x.level = (SELECT min(level) FROM unit y WHERE y.to_version = open_version())) END
                 ORDER BY from_version DESC LIMIT 1), '');
