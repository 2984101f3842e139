-- The unit panel: one document of everything a run knows about a unit.

-- name: unit_report
WITH here AS (
    SELECT key AS code, name, level, substr(key, 1, (ARRAY[2, 4, 6, 9, 12])[level]) AS digits
    FROM unit_at(@version) WHERE key = @code
)
SELECT json_build_object(
    'code', h.code, 'name', h.name, 'level', (ARRAY['province','prefecture','county','township','village'])[h.level], 'run_id', @run::bigint,
    'path', (SELECT coalesce(json_agg(json_build_object('code', u.key, 'name', u.name) ORDER BY u.level), '[]')
             FROM unit_at(@version) u WHERE u.level < h.level AND starts_with(h.code, substr(u.key, 1, (ARRAY[2, 4, 6, 9, 12])[u.level]))),
    'people', (SELECT coalesce(json_agg(p), '[]') FROM (
             SELECT * FROM people_of(h.code, h.digits, @version, @run) ORDER BY 1, 2) p),
    'facilities', (SELECT coalesce(json_agg(f), '[]') FROM (
             SELECT s AS service, count(*) FILTER (WHERE status = 'operating') AS operating, count(*) FILTER (WHERE status <> 'operating') AS other
             FROM facility, unnest(services) s
             WHERE starts_with(unit_code, h.digits) AND from_version <= @version AND to_version > @version GROUP BY 1 ORDER BY 1) f),
    'band', (SELECT coalesce(json_agg(json_build_object('standard', b.standard, 'profile', b.profile, 'people', b.people, 'total', b.total) ORDER BY b.standard, b.profile), '[]')
             FROM seen_band b WHERE b.run_id = @run AND b.unit_code = h.code),
    'classes', (SELECT coalesce(json_agg(json_build_object('standard', c.standard, 'group', c.age_group, 'basis', c.population_basis, 'class', c.class, 'people', c.people, 'share', c.share) ORDER BY c.id), '[]')
             FROM seen_coverage c WHERE c.run_id = @run AND c.unit_code = h.code),
    'verdicts', (SELECT coalesce(json_agg(json_build_object('standard', v.standard, 'verdict', v.verdict, 'text_zh', v.text_zh, 'text_en', v.text_en, 'reason_zh', v.reason_zh, 'reason_en', v.reason_en,
                    'gaps', (SELECT count(*) FROM seen_gap g WHERE g.run_id = @run AND g.standard = v.standard AND starts_with(g.unit_code, h.digits))) ORDER BY v.standard), '[]')
             FROM seen_verdict v WHERE v.run_id = @run AND v.unit_code = h.code))
FROM here h;
