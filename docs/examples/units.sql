-- Three levels from the villages: the code says which, 12, 9 or 6 digits.
SELECT code, name, geometry FROM villages
UNION ALL SELECT substr(code, 1, 9), min(town), CastToMultiPolygon(ST_Union(geometry)) FROM villages GROUP BY substr(code, 1, 9)
UNION ALL SELECT substr(code, 1, 6), min(county), CastToMultiPolygon(ST_Union(geometry)) FROM villages GROUP BY substr(code, 1, 6)
