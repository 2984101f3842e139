-- +goose Up
-- What the geocoder asks by: every way to name a house (a street, hamlet or compound of a village, or
-- the village itself) and its number in one spelling. Both follow from the address table and are made
-- anew from the rows of each data version; nothing else refers to them.
CREATE TABLE geocode_name (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level     text NOT NULL,                      -- street, hamlet, compound, village
    unit_code text NOT NULL,
    name      text NOT NULL,                      -- '' for the village itself
    geom      geometry(Point, 4326),              -- middle of its houses
    UNIQUE (unit_code, level, name)
);
CREATE TABLE geocode_house (
    name_id      bigint NOT NULL,
    number       text   COLLATE "C" NOT NULL,
    source       text   NOT NULL,
    key          text   NOT NULL,
    from_version bigint NOT NULL
);
CREATE INDEX geocode_house_number ON geocode_house (name_id, number);
-- The last data version whose addresses are in it; one row.
CREATE TABLE geocode_index (version bigint NOT NULL);
INSERT INTO geocode_index VALUES (0);
-- Rows on their way in; empty between two versions.
CREATE UNLOGGED TABLE geocode_new (
    level text NOT NULL, unit_code text NOT NULL, name text NOT NULL, number text NOT NULL,
    source text NOT NULL, key text NOT NULL, from_version bigint NOT NULL, geom geometry(Point, 4326)
);

-- +goose Down
DROP TABLE geocode_new, geocode_index, geocode_house, geocode_name;
