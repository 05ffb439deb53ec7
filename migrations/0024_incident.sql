-- Incidents: what is known and done, who leads, whom the house tells, and what is kept as evidence.

-- `detail` is sealed.
CREATE TABLE incident (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- Counts within the fiscal year, which is named by its first calendar year.
    fiscal_year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    -- A kind of the catalogue.
    kind TEXT NOT NULL,
    -- watch, limited, serious, crisis
    level TEXT NOT NULL,
    -- open, contained, recovering, closed
    state TEXT NOT NULL,
    -- An exercise: every page and paper says so.
    drill BOOLEAN NOT NULL,
    -- The report from which it was declared, or which was written from it.
    near_miss_id UUID,
    detail TEXT NOT NULL,
    -- The moment from which the clocks run.
    first_knew_at TIMESTAMPTZ NOT NULL,
    declared_at TIMESTAMPTZ NOT NULL,
    declared_by_name TEXT NOT NULL,
    closed_at TIMESTAMPTZ,
    -- Grows by one with each change of anything about it: pages that are open look for this.
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, fiscal_year, number)
);

-- Who does what; the newest of each role counts, the earlier ones stay.
CREATE TABLE incident_role (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    -- commander, systems, recorder, care, contact
    role TEXT NOT NULL,
    person_id UUID REFERENCES person (id),
    name TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
CREATE INDEX incident_role_of ON incident_role (organisation_id, incident_id, id);

-- The timeline: never changed, only corrected by a later entry. `words` and `reason` are sealed.
CREATE TABLE incident_entry (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    -- event, decision, handover, note; state and level, whose words are the code that was reached
    kind TEXT NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by_name TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Why, for a decision; to whom, for a hand-over.
    reason TEXT NOT NULL,
    -- The entry that this one corrects.
    corrects_id UUID,
    -- What the form called it: the same sent again is no second one.
    sent_id UUID NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, incident_id, sent_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
CREATE INDEX incident_entry_of ON incident_entry (organisation_id, incident_id, happened_at, id);

-- `detail` is sealed: what is to be done, and what came of it.
CREATE TABLE incident_task (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    position BIGINT NOT NULL,
    -- A first task of the catalogue as KIND.TASK; empty for the house's own.
    template TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- As in incident_role.
    role TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    due_at TIMESTAMPTZ,
    -- open, done, dropped
    state TEXT NOT NULL,
    settled_at TIMESTAMPTZ,
    settled_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
CREATE INDEX incident_task_of ON incident_task (organisation_id, incident_id, position);

-- A thing of the ledger and how it stands. `detail` is sealed: its name as it was, and a note.
CREATE TABLE incident_asset (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    asset_id UUID NOT NULL,
    -- suspected, affected, cut_off, restored, clean
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, incident_id, asset_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);

-- `detail` is sealed: what it is, from where, by which means, where it is kept.
CREATE TABLE incident_evidence (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    -- The file's SHA-256 as hexadecimal digits; empty for a thing that is kept in a cupboard.
    file TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    detail TEXT NOT NULL,
    taken_at TIMESTAMPTZ NOT NULL,
    taken_by_name TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    added_by_name TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
CREATE INDEX incident_evidence_of ON incident_evidence (organisation_id, incident_id, id);

-- Who had it, from hand to hand; `detail` is sealed.
CREATE TABLE incident_custody (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    evidence_id UUID NOT NULL,
    detail TEXT NOT NULL,
    handed_at TIMESTAMPTZ NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by_name TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, evidence_id) REFERENCES incident_evidence (organisation_id, id)
);
CREATE INDEX incident_custody_of ON incident_custody (organisation_id, incident_id, id);

-- Somebody of the catalogue's duties who was told. `note` is sealed: to whom, by which way, under which number.
CREATE TABLE incident_duty (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    -- A duty of the catalogue.
    duty TEXT NOT NULL,
    note TEXT NOT NULL,
    done_at TIMESTAMPTZ,
    done_by_name TEXT NOT NULL,
    -- Evidence that proves it.
    proof_id UUID,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, incident_id, duty),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);

-- What people fill in together, each sheet by fields. `content` is sealed: the fields as JSON.
CREATE TABLE incident_sheet (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    -- facts (what the reports are filled from), duties (answers to the plain questions), lessons
    sheet TEXT NOT NULL,
    content TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, incident_id, sheet),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
