-- What other programs come in with, and what they were answered.

CREATE TABLE api_token (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- Only the hash of the secret is kept.
    token_hash BYTEA NOT NULL UNIQUE,
    -- What it is for, in its maker's words.
    name TEXT NOT NULL,
    -- On whose behalf it acts: a member, or a service's own row, which is nobody's account.
    person_id UUID NOT NULL REFERENCES person (id),
    service BOOLEAN NOT NULL,
    -- The permissions that were chosen, their codes divided by spaces.
    permissions TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- The last use, to a few minutes.
    used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX api_token_person ON api_token (organisation_id, person_id);

-- The answer to a creation that named itself by an idempotency key, kept for a day to be given again.
CREATE TABLE api_answer (
    organisation_id UUID NOT NULL,
    token_id UUID NOT NULL,
    -- The key that the caller chose.
    name TEXT NOT NULL,
    -- SHA-256 of the request.
    fingerprint BYTEA NOT NULL,
    -- Sealed with the token's secret, which only the caller has.
    answer BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, token_id, name),
    FOREIGN KEY (organisation_id, token_id) REFERENCES api_token (organisation_id, id)
);

-- Work that was asked for with a token may do no more than the token: its permissions, as in api_token; NULL for all.
ALTER TABLE job ADD COLUMN permissions TEXT;
