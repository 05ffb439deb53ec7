-- Organisations form a tree; people belong to them by memberships. One text for SQLite and PostgreSQL.

CREATE TABLE organisation (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('association', 'institution', 'vendor')),
    parent_id UUID REFERENCES organisation (id),
    name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    -- Name and reading, folded, for search.
    folded TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX organisation_parent ON organisation (parent_id);

CREATE TABLE institution (
    organisation_id UUID PRIMARY KEY REFERENCES organisation (id),
    kind TEXT NOT NULL,
    beds BIGINT NOT NULL,
    prefecture TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- The medical institution code (医療機関コード), digits as printed, or empty.
    code TEXT NOT NULL,
    -- on_premises, cloud, mixed, none; NULL until asked.
    systems TEXT,
    operator_on_staff BOOLEAN,
    -- Whether vendors bear the duty of security updates by contract: all, some, none, unknown; NULL until asked.
    entrusts_updates TEXT,
    interview_done_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    email TEXT NOT NULL,
    -- Lower case and width folded: what sign-in looks for.
    email_folded TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    -- May found organisations on this installation.
    administrator BOOLEAN NOT NULL,
    lang TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    disabled_at TIMESTAMPTZ
);

CREATE TABLE membership (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    person_id UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    -- The job as this house calls it, such as 事務長.
    title TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE invitation (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- Only the hash of the link's secret is kept.
    token_hash BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    title TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    used_by UUID REFERENCES person (id),
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE session (
    id UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    person_id UUID NOT NULL REFERENCES person (id),
    organisation_id UUID REFERENCES organisation (id),
    user_agent TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX session_person ON session (person_id);

-- Failed attempts, by account and by address, so that several nodes count together.
CREATE TABLE throttle (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    since TIMESTAMPTZ NOT NULL
);
