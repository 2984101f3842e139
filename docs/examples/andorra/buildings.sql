-- Where people may live: most buildings of the extract say no more than "yes".
SELECT coalesce('way ' || osm_way_id, 'relation ' || osm_id) AS id, building, ST_PointOnSurface(geometry) AS geometry
FROM multipolygons WHERE building IN ('yes', 'house', 'detached', 'residential', 'apartments', 'bungalow')
