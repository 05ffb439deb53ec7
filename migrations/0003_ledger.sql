-- The ledger as far as the setup interview needs it: vendors, systems, contacts, and which steps were answered.

-- Associations know their level; the tree itself is organisation.parent_id.
CREATE TABLE association (
    organisation_id UUID PRIMARY KEY REFERENCES organisation (id),
    level TEXT NOT NULL CHECK (level IN ('national', 'prefectural', 'district'))
);

CREATE TABLE vendor (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    -- Whom to ask for there.
    person TEXT NOT NULL,
    phone TEXT NOT NULL,
    night_phone TEXT NOT NULL,
    email TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE system_record (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- A kind of the catalogue, or `other`.
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    -- on_premises, cloud, unknown
    hosting TEXT NOT NULL,
    vendor_id UUID,
    -- Whether somebody enters from outside for maintenance; NULL where nobody knows.
    remote_maintenance BOOLEAN,
    -- Whether a contract makes security updates the vendor's duty; NULL where nobody knows.
    updates_by_vendor BOOLEAN,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, vendor_id) REFERENCES vendor (organisation_id, id)
);
CREATE INDEX system_record_vendor ON system_record (organisation_id, vendor_id);

CREATE TABLE contact (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    -- A code of ours (director, police ...) or, for any other duty, the institution's own word.
    duty TEXT NOT NULL,
    person_id UUID REFERENCES person (id),
    phone TEXT NOT NULL,
    night_phone TEXT NOT NULL,
    email TEXT NOT NULL,
    -- Somebody outside the institution.
    outside BOOLEAN NOT NULL,
    -- Where name and number come from, for parties suggested by the program; else empty.
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    -- The day somebody last made sure that name and numbers are right.
    checked_on DATE,
    -- Order of calling, from the top.
    position BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- The steps of the setup interview that were answered.
CREATE TABLE setup_step (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    step TEXT NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, step)
);
