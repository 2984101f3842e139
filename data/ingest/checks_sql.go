package ingest

// Checks over all rows. Each is a SELECT of (seq, zh, en, kept): a row that is not kept goes
// to the reject list, one that is kept is only listed for somebody to look at. A SELECT
// is worked on by several processes, which a DELETE is not.
const (
	// Of rows with one key the first is kept. (twins.go says which keys, as table twice.)
	findDuplicates = `
		SELECT seq, format('编码「%s」与文件 %s 第%s行重复', key, f, first) AS zh, format('%s is already the id of row %s of %s', key, first, f) AS en, false AS kept
		FROM (SELECT seq, key, first_value(number) OVER w AS first, (SELECT files FROM import_job WHERE id = {job})[first_value(file) OVER w] AS f, row_number() OVER w AS n
			FROM {rows} JOIN twice USING (key) WINDOW w AS (PARTITION BY key ORDER BY seq)) d WHERE n > 1`

	// Other ids for what reads the same: probably one thing that was entered twice.
	findAlike = `
		SELECT seq, format('与文件 %s 第%s行(%s)写法相同,疑似重复', f, first, first_key) AS zh, format('reads the same as row %s of %s (%s): probably a duplicate', first, f, first_key) AS en, true AS kept
		FROM (SELECT seq, first_value(number) OVER w AS first, first_value(key) OVER w AS first_key, (SELECT files FROM import_job WHERE id = {job})[first_value(file) OVER w] AS f, row_number() OVER w AS n
			FROM {rows} JOIN twice USING (alike) WINDOW w AS (PARTITION BY alike ORDER BY seq)) d WHERE n > 1`

	// A township or village needs the unit above it, here or in the database.
	findOrphans = `SELECT seq, format('上级单元 %s 不存在,请先导入或一并导入', coalesce(parent_code, '')) AS zh, format('the unit above it, %s, does not exist: import it first or with it', coalesce(parent_code, '')) AS en, false AS kept
		FROM {rows} r WHERE level = $1 AND NOT EXISTS (SELECT FROM {rows} p WHERE p.key = r.parent_code)
			AND NOT EXISTS (SELECT FROM unit p WHERE p.key = r.parent_code AND p.to_version = open_version())`

	// The units that rows name, once each, with the outline that the point must be in: that of the township
	// where it is known, since outlines of villages are seldom exact.
	makeUnits = `CREATE UNLOGGED TABLE {units} AS
		SELECT c.code, u.key IS NOT NULL AS known, u.name, u.geom, CASE WHEN u.level = 5 THEN t.geom END AS around, t.name AS around_name
		FROM (SELECT DISTINCT unit_code AS code FROM {rows}) c
		LEFT JOIN LATERAL (SELECT key, level, name, parent_code, geom FROM unit u WHERE u.key = c.code AND u.to_version = open_version() ORDER BY geom IS NULL, from_version DESC, source LIMIT 1) u ON true
		LEFT JOIN LATERAL (SELECT name, geom FROM unit t WHERE t.key = u.parent_code AND t.level = 4 AND t.to_version = open_version() ORDER BY geom IS NULL, from_version DESC, source LIMIT 1) t ON true`

	// Where units are known, a unit_code must be one of them; grid cells are named otherwise.
	// Of one that was abolished, itself or with its township or county, it is said what became of it.
	findUnknownUnits = `WITH missing AS MATERIALIZED (
			SELECT code, (SELECT string_agg(DISTINCT concat_ws(' ', s.unit_name, s.unit_code), '、') FROM unnest(ARRAY[code, rpad(left(code, 9), 12, '0'), rpad(left(code, 6), 12, '0')]) a, unit_successors(a, current_date, open_version() - 1) s WHERE s.change IS NOT NULL) AS now
			FROM {units} WHERE NOT known AND code ~ '^[0-9]{12}$' AND EXISTS (SELECT FROM unit WHERE to_version = open_version()))
		SELECT seq, CASE WHEN now IS NULL THEN format('行政区 %s 不在已导入的行政区划中', unit_code) ELSE format('行政区 %s 已撤销或变更,现为:%s', unit_code, now) END AS zh,
			CASE WHEN now IS NULL THEN format('unit %s is not among the imported units', unit_code) ELSE format('unit %s was abolished or changed; now: %s', unit_code, now) END AS en, false AS kept
		FROM {rows} r JOIN missing ON code = unit_code`

	// A figure is that of a unit or of a facility.
	findUnknownSubjects = `SELECT seq, format('%s 既不是已导入的行政区,也不是已导入的设施', subject) AS zh, format('%s is neither an imported unit nor an imported facility', subject) AS en, false AS kept
		FROM {rows} r WHERE EXISTS (SELECT FROM unit WHERE to_version = open_version())
			AND NOT EXISTS (SELECT FROM unit u WHERE u.key = r.subject AND u.to_version = open_version())
			AND NOT EXISTS (SELECT FROM facility f WHERE f.key = r.subject AND f.to_version = open_version())`
	findUnknownFacilities = `SELECT seq, format('设施 %s 不在已导入的设施中', facility_id) AS zh, format('facility %s is not among the imported ones', facility_id) AS en, false AS kept
		FROM {rows} r WHERE NOT EXISTS (SELECT FROM facility f WHERE f.key = r.facility_id AND f.to_version = open_version())`

	// A point lies in the unit that its row names. Outlines and points are some tens of metres wrong each: 100 m are allowed.
	findOutside = `SELECT seq, format(CASE WHEN kept THEN '位置在「%s」之外约%s米,但仍在其乡镇内' ELSE '位置在所属行政区「%s」之外约%s米' END, name, metres) AS zh,
			format(CASE WHEN kept THEN 'its point is about %2$s m outside of %1$s, though inside of its township' ELSE 'its point is about %2$s m outside of the unit that it names, %1$s' END, name, metres) AS en, kept
		FROM (SELECT r.seq, round(ST_Distance(u.geom::geography, r.geom::geography)) AS metres, u.name, u.around IS NOT NULL AND ST_DWithin(u.around::geography, r.geom::geography, 100) AS kept
			FROM {rows} r JOIN {units} u ON u.code = r.unit_code WHERE NOT ST_Covers(u.geom, r.geom)) d WHERE metres > 100`

	// Two hamlets of one name in a county are told apart by their village only.
	findTwins = `WITH all_of AS (
			SELECT name, unit_code, left(unit_code, 6) AS county FROM {rows} WHERE unit_code IS NOT NULL AND class IN ('居民点', '自然村')
			UNION SELECT name, unit_code, left(unit_code, 6) FROM place WHERE to_version = open_version() AND class IN ('居民点', '自然村') AND left(unit_code, 6) IN (SELECT left(code, 6) FROM {units})),
		twins AS (SELECT county, name, count(*) AS n FROM all_of GROUP BY 1, 2 HAVING count(*) > 1)
		SELECT seq, format('本县有%s个「%s」,地址须写明所在村', n, name) AS zh, format('%s places of the county are called %s: addresses must say the village', n, name) AS en, true AS kept
		FROM {rows} r JOIN twins USING (name) WHERE county = left(unit_code, 6) AND class IN ('居民点', '自然村')`

	// A correction by hand holds until the source's own row changes; then that row is taken, and said.
	findOverruled = `SELECT r.seq, format('此行曾由%s于%s手工更正(%s):来源的新值取代了更正,请核对', e.actor, e.at::date, e.reason) AS zh,
			format('this row was corrected by %s on %s (%s): the source''s new row takes the place of the correction', e.actor, e.at::date, e.reason) AS en, true AS kept
		FROM edit e JOIN {table} t ON t.source = e.source AND t.key = e.key AND t.to_version = open_version() JOIN {rows} r ON r.key = e.key AND r.digest <> t.digest
		WHERE e.layer = '{kind}' AND e.source = {source} AND e.undone_by IS NULL AND e.undoes IS NULL AND e.overruled_by IS NULL`

	// Facilities stand on land that some unit covers; 100 m of doubt about the
	// coastline is allowed, and sea burials are at sea.
	findAtSea = `SELECT seq, '位置不在任何行政区内(可能在海里或外地)' AS zh, 'its position is in no unit: in the sea, or elsewhere' AS en, false AS kept
		FROM {rows} r WHERE geom IS NOT NULL AND NOT services && ARRAY['sea_burial'] AND EXISTS (SELECT FROM unit WHERE to_version = open_version() AND geom IS NOT NULL)
			AND NOT EXISTS (SELECT FROM unit u WHERE u.to_version = open_version() AND ST_DWithin(u.geom, r.geom, 0.001))`
)
