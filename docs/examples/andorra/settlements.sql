SELECT osm_id, name, place, geometry FROM points WHERE place IN ('city', 'town', 'village', 'hamlet') AND name IS NOT NULL
