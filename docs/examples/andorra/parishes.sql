-- The seven parishes of Andorra as townships; the extract has pieces of Spain and France, too.
SELECT name, row_number() OVER (ORDER BY name) AS t, geometry
FROM multipolygons WHERE admin_level = '7' AND other_tags LIKE '%"ISO3166-2"=>"AD-%'
