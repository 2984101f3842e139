-- Buses and shuttles.

-- name: transit_stops
SELECT row_number() OVER (ORDER BY source COLLATE "C", key)::integer, route, coalesce(direction, ''), stop_order, stop, minutes, headway, first_trip, last_trip, trips, starts, ends, returns, ST_X(geom), ST_Y(geom)
FROM transit_stop WHERE from_version <= @version AND to_version > @version
ORDER BY 1;
