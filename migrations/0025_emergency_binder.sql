-- The emergency binder as it was made last, in each language.
CREATE TABLE emergency_binder (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    lang TEXT NOT NULL,
    -- SHA-256 of what it says, to know whether it still says what is true.
    content BYTEA NOT NULL,
    -- The file's SHA-256 as hexadecimal digits, as evidence has it; empty until it was made.
    file TEXT NOT NULL,
    pages BIGINT NOT NULL,
    made_at TIMESTAMPTZ,
    -- Up to where the log was looked at, and when.
    seen_seq BIGINT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, lang)
);
