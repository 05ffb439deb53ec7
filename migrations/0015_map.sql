-- Where people put things on the map. What is gone from the ledger is forgotten the next time somebody moves something.

CREATE TABLE map_spot (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- `internet`, `none`, or `asset:`, `system:`, `vendor:` and the id.
    mark TEXT NOT NULL,
    x BIGINT NOT NULL,
    y BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, mark)
);
