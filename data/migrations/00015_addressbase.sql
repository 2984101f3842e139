-- +goose Up
-- What became of units (crosswalk); units of special areas between two days.
CREATE TABLE unit_change (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: day|old code|new code
    changed_on date NOT NULL,
    change text NOT NULL CHECK (change IN ('renamed', 'recoded', 'merged', 'split', 'abolished')),
    old_code text NOT NULL, old_name text, new_code text, new_name text, document text,
    digest bytea NOT NULL DEFAULT '',
    PRIMARY KEY (source, key, from_version)
);
CREATE INDEX unit_change_old ON unit_change (old_code);
CREATE INDEX unit_change_new ON unit_change (new_code);
-- Zhejiang since 2015, as published by the Ministry of Civil Affairs (县级以上行政区划变更情况 of the year). Of
-- places that were divided each part has a row; who stayed keeps the code.
INSERT INTO unit_change (source, key, from_version, changed_on, change, old_code, old_name, new_code, new_name, document)
SELECT 'gb-t-2260', d || '|' || rpad(o, 12, '0') || '|' || rpad(n, 12, '0'), 0, d::date, k, rpad(o, 12, '0'), o_name, rpad(n, 12, '0'), n_name, '民政部县级以上行政区划变更情况(' || left(d, 4) || '年)'
FROM (VALUES
    ('2014-12-13', 'recoded', '330183', '富阳市', '330111', '富阳区'), ('2015-07-23', 'recoded', '330322', '洞头县', '330305', '洞头区'),
    ('2013-10-18', 'recoded', '330682', '上虞市', '330604', '上虞区'), ('2013-10-18', 'recoded', '330621', '绍兴县', '330603', '柯桥区'),
    ('2016-09-14', 'recoded', '330283', '奉化市', '330213', '奉化区'), ('2016-09-14', 'merged', '330204', '江东区', '330212', '鄞州区'),
    ('2017-04-09', 'recoded', '331021', '玉环县', '331083', '玉环市'), ('2017-07-18', 'recoded', '330185', '临安市', '330112', '临安区'),
    ('2019-08-16', 'split', '330327', '苍南县', '330383', '龙港市'),
    ('2021-03-11', 'merged', '330103', '下城区', '330105', '拱墅区'), ('2021-03-11', 'merged', '330104', '江干区', '330102', '上城区'),
    ('2021-03-11', 'split', '330104', '江干区', '330114', '钱塘区'), ('2021-03-11', 'split', '330109', '萧山区', '330114', '钱塘区'),
    ('2021-03-11', 'split', '330110', '余杭区', '330113', '临平区')
) AS v(d, k, o, o_name, n, n_name);

-- What a code is on a day: itself, or what became of it by then, with the last change on the way. A part that was
-- split off is listed beside the unit that stayed; a unit that merged or got another code has not stayed.
-- +goose StatementBegin
CREATE FUNCTION unit_successors(code text, on_day date, version bigint) RETURNS TABLE (unit_code text, unit_name text, change text, changed_on date, document text)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE c AS (SELECT * FROM unit_change x WHERE x.from_version <= version AND x.to_version > version AND x.changed_on <= on_day),
    walk(unit_code, unit_name, change, changed_on, document, depth) AS (
        SELECT code, (SELECT old_name FROM unit_change o WHERE o.old_code = code ORDER BY o.changed_on LIMIT 1), NULL::text, '-infinity'::date, NULL::text, 0
        UNION ALL
        SELECT c.new_code, c.new_name, c.change, c.changed_on, c.document, depth + 1 FROM walk w JOIN c ON c.old_code = w.unit_code AND c.new_code <> c.old_code AND c.changed_on >= w.changed_on
        WHERE depth < 20)
    SELECT DISTINCT ON (w.unit_code) w.unit_code, coalesce(u.name, r.new_name, w.unit_name), coalesce(w.change, r.change), nullif(coalesce(r.changed_on, w.changed_on), '-infinity'), coalesce(w.document, r.document)
    FROM walk w
    LEFT JOIN LATERAL (SELECT * FROM c WHERE c.old_code = w.unit_code AND c.change = 'renamed' ORDER BY c.changed_on DESC LIMIT 1) r ON true
    LEFT JOIN LATERAL (SELECT name FROM unit x WHERE x.key = w.unit_code AND w.depth > 0 AND x.from_version <= version AND x.to_version > version ORDER BY x.from_version DESC, x.source LIMIT 1) u ON true
    WHERE NOT EXISTS (SELECT FROM c WHERE c.old_code = w.unit_code AND c.change IN ('recoded', 'merged', 'abolished') AND c.changed_on >= w.changed_on)
    ORDER BY w.unit_code, w.depth
$$;
-- +goose StatementEnd

CREATE TABLE unit_list (
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: list|unit|first day
    list text NOT NULL, title text, unit_code text NOT NULL, valid_from date, valid_until date, document text,
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

-- The fields of the census record; elements of addresses below the building; our own code of an address
-- is its village's code and a serial, which it keeps for life.
ALTER TABLE place ADD old_names text[] NOT NULL DEFAULT '{}', ADD history text, ADD description text, ADD record json;
ALTER TABLE address ADD entrance text, ADD floor text, ADD room text, ADD rest text, ADD std_code text, ADD confidence real CHECK (confidence BETWEEN 0 AND 1), ADD serial integer;
UPDATE address a SET serial = n FROM (SELECT source, key, from_version, dense_rank() OVER (PARTITION BY unit_code ORDER BY source, key) AS n FROM address WHERE unit_code IS NOT NULL) s
WHERE a.source = s.source AND a.key = s.key AND a.from_version = s.from_version;
DROP INDEX address_unit;
CREATE INDEX address_unit ON address (unit_code, serial);

GRANT SELECT ON unit_change, unit_list TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;

-- +goose Down
DROP INDEX address_unit;
CREATE INDEX address_unit ON address (unit_code);
ALTER TABLE address DROP serial, DROP confidence, DROP std_code, DROP rest, DROP room, DROP floor, DROP entrance;
ALTER TABLE place DROP record, DROP description, DROP history, DROP old_names;
DROP TABLE unit_list;
DROP FUNCTION unit_successors(text, date, bigint);
DROP TABLE unit_change;
