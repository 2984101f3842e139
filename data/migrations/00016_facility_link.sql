-- +goose Up
-- The standard address that a facility's own address means. A facility that came without a position stands at
-- its address: position_level says how deep that was read; NULL is a position as delivered.
-- unit_linked marks a unit that only the address told.
ALTER TABLE facility ADD address_id text, ADD position_level text, ADD position_score real, ADD unit_linked boolean NOT NULL DEFAULT false;

-- What the geocoder, and after it a person, made of the address of each facility. A decision stands as long as
-- the facility says the same address; everything else is asked again when the names or addresses change.
CREATE TABLE facility_link (
    source     text   NOT NULL,
    key        text   NOT NULL,
    asked      text   NOT NULL,                   -- the address as it was asked for
    version    bigint NOT NULL,                   -- data version of the names and addresses that answered
    state      text   NOT NULL CHECK (state IN ('linked', 'doubtful', 'unknown', 'accepted', 'chosen', 'rejected')),
    place      jsonb,                             -- what was found or chosen, NULL for nothing
    candidates jsonb  NOT NULL DEFAULT '[]',
    reasons    jsonb  NOT NULL DEFAULT '[]',
    metres     real,                              -- from the delivered position to the address
    decided_by text,
    decided_at timestamptz,
    note       text,
    PRIMARY KEY (source, key)
);
-- Living facilities that stand in the ledger otherwise than their link says.
CREATE VIEW facility_link_due AS
    SELECT f.source, f.key, f.from_version, l.place, s.holds, s.placed
    FROM facility f LEFT JOIN facility_link l USING (source, key)
    CROSS JOIN LATERAL (SELECT coalesce(l.state IN ('linked', 'accepted', 'chosen'), false) AS holds, f.geom IS NULL OR f.position_level IS NOT NULL AS placed) s
    WHERE f.to_version = open_version() AND CASE WHEN s.holds
        THEN l.place ->> 'address_id' IS DISTINCT FROM f.address_id OR s.placed AND l.place ->> 'level' IS DISTINCT FROM f.position_level
        ELSE f.address_id IS NOT NULL OR f.position_level IS NOT NULL END;
CREATE INDEX facility_link_state ON facility_link (state, key COLLATE "C");

-- +goose Down
DROP VIEW facility_link_due;
DROP TABLE facility_link;
ALTER TABLE facility DROP unit_linked, DROP position_score, DROP position_level, DROP address_id;
