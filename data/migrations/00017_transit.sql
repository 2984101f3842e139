-- +goose Up
-- Stops of buses and shuttles, with minutes and headways: a plain table, no timetable of departures.
CREATE TABLE transit_stop (
    source text NOT NULL, key text COLLATE "C" NOT NULL, from_version bigint NOT NULL, to_version bigint NOT NULL DEFAULT open_version(), -- key: route|direction|order|part of the day
    route text NOT NULL, direction text, stop_order double precision NOT NULL, stop text NOT NULL,
    minutes double precision, headway double precision,      -- to the next stop; between departures
    first_trip integer, last_trip integer, trips integer,    -- minutes after midnight; departures a day
    starts integer, ends integer,                            -- the part of the day that the row speaks of, minutes after midnight
    returns boolean,                                         -- the line comes back over the same stops
    geom geometry(Point, 4326) NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (source, key, from_version)
);

-- +goose Down
DROP TABLE transit_stop;
