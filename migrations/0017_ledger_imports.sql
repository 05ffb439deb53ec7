-- Imports of the ledger under way. What was handed in lies sealed beside the database; a row is let go a day after it was
-- made, whether it was finished or not.

CREATE TABLE ledger_import (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- mapping, preview, applied
    state TEXT NOT NULL,
    -- Sealed: the names of files, what their columns are, what was decided.
    detail TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX ledger_import_person ON ledger_import (organisation_id, created_by, created_at);

-- What the columns under these headings were the last time, for the next.
CREATE TABLE ledger_import_mapping (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- SHA-256 of the headings.
    fingerprint TEXT NOT NULL,
    mapping TEXT NOT NULL,
    used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, fingerprint)
);
