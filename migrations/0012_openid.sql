-- Signing in by the house's own sign-in service (OpenID Connect).

-- Whose account somebody there opens. It belongs to a person, not to an organisation.
CREATE TABLE openid_link (
    person_id UUID NOT NULL REFERENCES person (id),
    id UUID NOT NULL,
    -- The service, and the name that it gives this person: never a mail address.
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, id),
    -- Somebody there opens one account here, and an account is opened by one of them.
    UNIQUE (issuer, subject),
    UNIQUE (person_id, issuer)
);

-- Whether a service that is believed has asked for a second factor when this session began.
ALTER TABLE session ADD COLUMN factor_vouched BOOLEAN NOT NULL DEFAULT FALSE;
