-- Browsers that many people share, the short secret that opens them, and what was typed there and could not be sent.

-- After how many minutes without use a shared browser locks itself.
ALTER TABLE organisation ADD COLUMN place_lock_minutes BIGINT NOT NULL DEFAULT 5;

CREATE TABLE shared_place (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- Where it stands, such as "ward 2, nurses' station".
    name TEXT NOT NULL,
    -- Hash of the browser's secret; NULL until a browser has it.
    token_hash BYTEA UNIQUE,
    -- Hash of the code that is typed into the browser once; NULL when it was.
    code_hash BYTEA UNIQUE,
    code_expires_at TIMESTAMPTZ,
    user_agent TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    claimed_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);

-- Of a session that was begun at a shared place: it lives nowhere else.
ALTER TABLE session ADD COLUMN place_id UUID;
-- Since when it only waits for its person.
ALTER TABLE session ADD COLUMN locked_at TIMESTAMPTZ;
CREATE INDEX session_shared_place ON session (place_id);

-- A PIN opens the shared places of one organisation and nothing else.
CREATE TABLE pin (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    person_id UUID NOT NULL REFERENCES person (id),
    -- Argon2id, sealed under the installation's key: the database alone cannot try a million PINs.
    hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- In a row; a right one starts afresh.
    failures BIGINT NOT NULL,
    locked_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX pin_person ON pin (person_id);

-- What somebody typed at a shared place and could not send before it locked.
CREATE TABLE held_draft (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    person_id UUID NOT NULL REFERENCES person (id),
    -- Path of the form's page, # and the form's name.
    form TEXT NOT NULL,
    -- Names and values, JSON, sealed.
    entries BYTEA NOT NULL,
    held_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, person_id, form)
);

-- Where an action was taken, where that was a shared place; part of the entry's hash.
ALTER TABLE audit_entry ADD COLUMN place_id UUID;
ALTER TABLE audit_entry ADD COLUMN place_name TEXT NOT NULL DEFAULT '';
