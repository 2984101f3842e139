-- The hexagons of Porto Alegre as invented villages: the surface of a hexagon is what is nearest to its
-- centre (the file has centres only), within 0.0021°. Squares of 0.029° are the townships.
-- 18 % of the people are taken as 60 or older, in whole people.
WITH cell AS MATERIALIZED (
  SELECT id, lon, lat, population, healthcare, schools, MakePoint(lon, lat, 4326) AS centre,
    dense_rank() OVER (ORDER BY CAST((lat + 30.111) / 0.029 AS integer), CAST((lon + 51.255) / 0.029 AS integer)) AS t
  FROM poa_hexgrid),
faces AS MATERIALIZED (SELECT ST_VoronojDiagram(ST_Collect(centre)) AS all_of_them FROM cell),
number AS (SELECT row_number() OVER () AS i FROM cell),
face AS MATERIALIZED (SELECT ST_GeometryN(all_of_them, i) AS g FROM faces, number WHERE i <= ST_NumGeometries(all_of_them))
SELECT '990101' || printf('%03d%03d', t, row_number() OVER (PARTITION BY t ORDER BY id)) AS code,
  'Hexagon ' || substr(id, 6, 6) AS name, 'Square ' || t AS town, 'Porto Alegre' AS county, id, lon, lat,
  population AS total, (18 * population + 50) / 100 AS elders, healthcare, schools,
  CastToMultiPolygon(ST_Intersection(g, ST_Buffer(centre, 0.0021))) AS geometry
FROM cell JOIN face ON ST_Contains(g, centre)
