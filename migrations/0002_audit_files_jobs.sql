-- What the platform itself keeps: the log, the list of files, background work.

-- The end of each organisation's chain; locked by the change that writes the next entry.
CREATE TABLE audit_head (
    organisation_id UUID PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE audit_entry (
    organisation_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    person_id UUID,
    person_name TEXT NOT NULL,
    -- The action's name, verb after noun: answer_set, member_invite ...
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    -- JSON texts, kept as written: the hash is over these very bytes.
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, seq)
);
CREATE INDEX audit_object ON audit_entry (organisation_id, object_kind, object_id, seq);

-- The list of sealed files; the bytes lie outside the database, named by their digest.
CREATE TABLE file (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- SHA-256 of the plain bytes, lower-case hexadecimal.
    digest TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, digest)
);

CREATE TABLE job (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    person_name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- waiting, running, done, failed, cancelled
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    -- A word for the step under way, translated by whoever shows it.
    stage TEXT NOT NULL,
    result TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    cancel_asked BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX job_waiting ON job (state, created_at);

-- What the installation notes about itself.
CREATE TABLE installation_note (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
