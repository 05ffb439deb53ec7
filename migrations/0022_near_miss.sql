-- Near misses, from the report at a poster to the measure and the sheet that others learn from.

-- `detail`, `triage`, `analysis` and `board` are sealed.
CREATE TABLE near_miss (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- Counts within the fiscal year, which is named by its first calendar year.
    fiscal_year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    -- What the telephone called this report: the same sent again is no second one.
    sent_id UUID NOT NULL,
    -- SHA-256 of the code with which whoever reported asks what became of it.
    receipt_hash BYTEA NOT NULL,
    -- A symptom of the catalogue.
    symptom TEXT NOT NULL,
    -- A place of the ledger, where the poster hung or as it was chosen.
    place_id UUID,
    -- Through which poster, or by whom signed in.
    link_id UUID,
    person_id UUID REFERENCES person (id),
    -- Place in words, taps, words, name.
    detail TEXT NOT NULL,
    -- The language in which it was written.
    lang TEXT NOT NULL,
    -- When it was seen and when it was written down, by the clock of the telephone; when it came in, by ours.
    seen_at TIMESTAMPTZ NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    -- new, triaged, analysis, measures, closed, set_aside
    state TEXT NOT NULL,
    -- 0, 1, 2, 3a, 3b, 4a, 4b, 5; empty until somebody judged it.
    level TEXT NOT NULL,
    -- attack, rule, fault, other; empty until somebody judged it.
    nature TEXT NOT NULL,
    triage TEXT NOT NULL,
    triaged_at TIMESTAMPTZ,
    triaged_by_name TEXT NOT NULL,
    analysis TEXT NOT NULL,
    -- What everybody of the house may read and learn from; nothing until board_at.
    board TEXT NOT NULL,
    board_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, sent_id),
    UNIQUE (organisation_id, receipt_hash),
    UNIQUE (organisation_id, fiscal_year, number)
);
CREATE INDEX near_miss_state ON near_miss (organisation_id, state, id);
-- What came lately, by which poster: how much one brings in a day is bounded.
CREATE INDEX near_miss_received ON near_miss (organisation_id, received_at);

CREATE TABLE near_miss_photo (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    near_miss_id UUID NOT NULL,
    -- The file's SHA-256 as hexadecimal digits, as evidence has it.
    file TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, near_miss_id, file),
    FOREIGN KEY (organisation_id, near_miss_id) REFERENCES near_miss (organisation_id, id)
);
CREATE INDEX near_miss_photo_added ON near_miss_photo (organisation_id, added_at);

-- What the house chose for its posters. Its row is also what reports wait for to get their number, one after the other.
CREATE TABLE near_miss_setting (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- Ids of contacts whose duty and number posters show to strangers, as JSON; nobody is shown unasked.
    contacts TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id)
);

-- What the house and whoever reported say to each other. `words` is sealed.
CREATE TABLE near_miss_message (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    near_miss_id UUID NOT NULL,
    from_house BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, near_miss_id) REFERENCES near_miss (organisation_id, id)
);
CREATE INDEX near_miss_message_of ON near_miss_message (organisation_id, near_miss_id, id);

-- What is done so that it does not happen again: a step of the plan while it is open. `detail` is sealed.
CREATE TABLE near_miss_measure (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    near_miss_id UUID NOT NULL,
    detail TEXT NOT NULL,
    owner_id UUID REFERENCES person (id),
    owner_name TEXT NOT NULL,
    due_on DATE,
    -- open, done, dropped
    state TEXT NOT NULL,
    settled_at TIMESTAMPTZ,
    settled_by_name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, near_miss_id) REFERENCES near_miss (organisation_id, id)
);
CREATE INDEX near_miss_measure_of ON near_miss_measure (organisation_id, near_miss_id, id);

-- The safety committee's meetings. `detail` is sealed: who was there, minutes.
CREATE TABLE near_miss_meeting (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    held_on DATE NOT NULL,
    detail TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- What the meeting said about a case. `words` is sealed.
CREATE TABLE near_miss_meeting_item (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    meeting_id UUID NOT NULL,
    near_miss_id UUID NOT NULL,
    position BIGINT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (organisation_id, meeting_id, near_miss_id),
    FOREIGN KEY (organisation_id, meeting_id) REFERENCES near_miss_meeting (organisation_id, id),
    FOREIGN KEY (organisation_id, near_miss_id) REFERENCES near_miss (organisation_id, id)
);
