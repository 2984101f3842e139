-- What a run's workbook says, with the rights of who asks for it.

-- name: book_units
SELECT key, name, level, coalesce(reporting_parent, ''), coalesce(reporting_parent <> coalesce(parent_code, ''), false) FROM unit_at(@version) WHERE level <= 4 ORDER BY key COLLATE "C";

-- name: book_verdicts
SELECT standard, unit_code, level, verdict, value, threshold, numerator, denominator, text_zh, reason_zh FROM seen_verdict
WHERE run_id = @run AND level <= 4 ORDER BY standard COLLATE "C", unit_code COLLATE "C";

-- name: book_coverage
SELECT unit_code, standard, age_group, population_basis, class, total, people FROM seen_coverage WHERE run_id = @run AND level <= 4;

-- name: book_uncovered
SELECT rpad(substr(unit_code, 1, 9), 12, '0'), standard, count(*) FROM seen_coverage
WHERE run_id = @run AND level = 5 AND class = 'uncovered' AND people > 0 AND age_group = '60+' AND population_basis = 'resident' GROUP BY 1, 2;

-- name: book_bands
SELECT unit_code, standard, min(people), max(people), max(total) FROM seen_band WHERE run_id = @run GROUP BY 1, 2;

-- name: book_gaps
SELECT g.id, g.standard, g.unit_code, coalesce(t.name, ''), CASE WHEN u.level = 5 THEN u.name WHEN u.level < 4 THEN u.name ELSE '' END, coalesce(g.hamlet, ''), g.kind, CASE WHEN g.age_group = '60+' THEN coalesce(g.people, -1) ELSE coalesce(e.total, -1) END, CASE WHEN g.age_group = '60+' THEN coalesce(g.people_80, -1) ELSE coalesce(o.total, -1) END,
       coalesce(g.nearest_name, ''), coalesce(g.nearest_status, ''), g.minutes, g.ride_minutes, coalesce(g.reason, ''), g.measure,
       coalesce(l.state, 'to_verify'), l.plan_year, coalesce(l.body, ''), coalesce(l.note, '')
FROM seen_gap g
LEFT JOIN (SELECT key, name, level FROM unit_at(@version)) u ON u.key = g.unit_code
LEFT JOIN (SELECT key, name FROM unit_at(@version) WHERE level = 4) t ON t.key = substr(g.unit_code, 1, 9) || '000' AND u.level >= 4
LEFT JOIN seen_gap_ledger l ON l.id = g.id
LEFT JOIN LATERAL (SELECT total FROM seen_coverage c WHERE c.run_id = @run AND c.unit_code = g.unit_code AND c.age_group = '60+' AND c.population_basis = 'resident' LIMIT 1) e ON g.age_group <> '60+'
LEFT JOIN LATERAL (SELECT total FROM seen_coverage c WHERE c.run_id = @run AND c.unit_code = g.unit_code AND c.age_group = '80+' AND c.population_basis = 'resident' LIMIT 1) o ON g.age_group <> '60+'
WHERE g.run_id = @run
ORDER BY g.unit_code COLLATE "C", g.standard COLLATE "C", g.id;

-- name: book_gap_areas
SELECT a.name, coalesce(c.name, ''), a.people, a.people_80, a.settlements, a.measure FROM seen_gap_area a LEFT JOIN (SELECT key, name FROM unit_at(@version) WHERE level = 3) c ON c.key = substr(a.unit_code, 1, 6) || '000000'
WHERE a.run_id = @run ORDER BY a.people DESC, a.id;

-- name: book_options
SELECT o.kind, o.name, coalesce(c.name, ''), o.people, o.cost, o.rank FROM seen_gap_option o LEFT JOIN (SELECT key, name FROM unit_at(@version) WHERE level = 3) c ON c.key = substr(o.unit_code, 1, 6) || '000000'
WHERE o.run_id = @run ORDER BY o.standard COLLATE "C", o.rank;

-- name: book_quality
SELECT kind, subject, unit_code, zh FROM seen_quality WHERE run_id = @run ORDER BY seq;

-- name: figures_verdicts
SELECT standard, unit_code, level, value, coalesce(numerator, 0), coalesce(denominator, 0) FROM verdict WHERE run_id = @run AND level <= 4;

-- name: figures_coverage
SELECT unit_code, name, level, standard, age_group, population_basis, class, people FROM coverage WHERE run_id = @run AND level <= 4;

-- name: figures_gaps
SELECT id, standard, unit_code FROM gap WHERE run_id = @run;
