-- Forms of pages that may be sent again: a row for each that was done, kept for some days.

CREATE TABLE form_sent (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    person_id UUID NOT NULL REFERENCES person (id),
    -- SHA-256 of the form's id, its address and what it held. The id is kept nowhere else, so this tells nothing of the words.
    digest BYTEA NOT NULL,
    -- Where the answer led: a path of the program.
    led_to TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, person_id, digest)
);
