-- +goose Up
-- The city of 2019 was a town: ledgers still write 苍南县龙港镇.
INSERT INTO unit_change (source, key, from_version, changed_on, change, old_code, old_name, new_code, new_name, document)
SELECT 'gb-t-2260', d || '|' || rpad(o, 12, '0') || '|' || rpad(n, 12, '0'), 0, d::date, k, rpad(o, 12, '0'), o_name, rpad(n, 12, '0'), n_name, '民政部县级以上行政区划变更情况(' || left(d, 4) || '年)'
FROM (VALUES ('2019-08-16', 'recoded', '330327101', '龙港镇', '330383', '龙港市')) AS v(d, k, o, o_name, n, n_name);

-- +goose Down
DELETE FROM unit_change WHERE key = '2019-08-16|330327101000|330383000000';
