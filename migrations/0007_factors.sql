-- Second factors, recent sign-ins, what a browser is in the middle of, and the way back in after a loss.

-- When this session's person last proved who they are: by signing in, or when asked again. NULL: too long ago to know.
ALTER TABLE session ADD COLUMN proved_at TIMESTAMPTZ;

-- Since when the organisation demands a second factor of its members; NULL where it does not.
ALTER TABLE organisation ADD COLUMN second_factor_since TIMESTAMPTZ;

-- The authenticator app.
CREATE TABLE totp (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    -- Sealed under the installation's key.
    secret BYTEA NOT NULL,
    -- The time step of the last code that was taken: a code works once.
    last_step BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE passkey (
    person_id UUID NOT NULL REFERENCES person (id),
    id UUID NOT NULL,
    -- As the authenticator names it; no two accounts may share one.
    credential_id BYTEA NOT NULL UNIQUE,
    -- Public key, counter and flags, JSON.
    credential TEXT NOT NULL,
    -- As the person calls it, such as "work telephone".
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, id)
);

CREATE TABLE recovery_code (
    person_id UUID NOT NULL REFERENCES person (id),
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, code_hash)
);

-- What waits for a browser's next answer: the second step of a sign-in, a passkey's challenge, an app to be set up.
CREATE TABLE pending (
    -- The session, or the hash of the secret of a browser that has none.
    holder BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    -- Whom it belongs to; NULL before that is known.
    person_id UUID REFERENCES person (id),
    -- Sealed under the installation's key, JSON inside.
    state BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (holder, purpose)
);
CREATE INDEX pending_person ON pending (person_id);
CREATE INDEX pending_expiry ON pending (expires_at);

-- The latest sign-ins of each person, to be recognised or not.
CREATE TABLE sign_in (
    person_id UUID NOT NULL REFERENCES person (id),
    id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    means TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    PRIMARY KEY (person_id, id)
);

-- Somebody who lost password or factors asks to be let back in; one request a person, gone when it is settled.
CREATE TABLE rescue (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    id UUID NOT NULL UNIQUE,
    -- password, factor, both
    lost TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    user_agent TEXT NOT NULL,
    -- Hash of the link's secret; NULL until every organisation of the person has agreed.
    token_hash BYTEA UNIQUE,
    -- Of the request, and then of the link.
    expires_at TIMESTAMPTZ NOT NULL
);

-- The organisations that have agreed.
CREATE TABLE rescue_word (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    rescue_id UUID NOT NULL REFERENCES rescue (id),
    by_person UUID NOT NULL REFERENCES person (id),
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, rescue_id)
);
CREATE INDEX rescue_word_rescue ON rescue_word (rescue_id);
