-- Extra collections: tables of people's own files, beside the product's layers.

-- name: extra_prepare
DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lifecircle.extra'));
  CREATE SCHEMA IF NOT EXISTS extra;
  GRANT USAGE ON SCHEMA extra TO lifecircle_viewer, lifecircle_planner, lifecircle_county_editor, lifecircle_town_editor, lifecircle_public;
END $$
