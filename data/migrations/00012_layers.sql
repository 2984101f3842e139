-- +goose Up
-- How many features a layer has in a version and where: read on every page, so counted once for each
-- version and each kind of viewer.
CREATE TABLE layer_total (
    layer text NOT NULL, version bigint NOT NULL, run bigint NOT NULL, viewer text NOT NULL, -- viewer: digest of planner.Viewer.Key
    features bigint NOT NULL, west float8, south float8, east float8, north float8, begun timestamptz, ended timestamptz,
    PRIMARY KEY (layer, version, run, viewer)
);

-- Servers keep in memory which version and run are the latest; this tells them that it may have changed.
-- +goose StatementBegin
CREATE FUNCTION tell_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('lifecircle_published', ''); RETURN NULL; END $$;
-- +goose StatementEnd
CREATE TRIGGER published AFTER INSERT OR UPDATE OR DELETE ON data_version FOR EACH STATEMENT EXECUTE FUNCTION tell_published();
CREATE TRIGGER published AFTER INSERT OR DELETE OR UPDATE OF state ON run FOR EACH STATEMENT EXECUTE FUNCTION tell_published();

-- Where a row comes from is a property of it.
GRANT SELECT (id, source, created_at) ON data_version TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
GRANT SELECT (id, engine, as_of) ON run TO lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;

-- +goose Down
REVOKE SELECT (id, engine, as_of) ON run FROM lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
REVOKE SELECT (id, source, created_at) ON data_version FROM lifecircle_public, lifecircle_viewer, lifecircle_town_editor, lifecircle_county_editor, lifecircle_planner;
DROP TRIGGER published ON run;
DROP TRIGGER published ON data_version;
DROP FUNCTION tell_published();
DROP TABLE layer_total;
