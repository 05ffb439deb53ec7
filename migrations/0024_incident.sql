-- Incidents: what is known and done, who leads, which duties run, and what is kept as evidence.

-- `detail`, `facts` and `lessons` are sealed.
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
    -- An exercise: nothing leaves the house by itself, and every page says so.
    drill BOOLEAN NOT NULL,
    -- The report from which it was declared.
    near_miss_id UUID,
    detail TEXT NOT NULL,
    -- What the reports are filled from.
    facts TEXT NOT NULL,
    lessons TEXT NOT NULL,
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
    -- commander, recorder, technical, care, outside, press
    role TEXT NOT NULL,
    person_id UUID REFERENCES person (id),
    name TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);

-- The timeline: never changed, only corrected by a later entry. `words` and `reason` are sealed.
CREATE TABLE incident_entry (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    -- event, decision, handover, note, machine (written by the program)
    kind TEXT NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by_name TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Why, for a decision.
    reason TEXT NOT NULL,
    -- The entry that this one corrects.
    corrects_id UUID,
    -- What the browser called it: the same sent again is no second one.
    sent_id UUID NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, incident_id, sent_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
CREATE INDEX incident_entry_of ON incident_entry (organisation_id, incident_id, happened_at, id);

-- `what` and `result` are sealed.
CREATE TABLE incident_task (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    position BIGINT NOT NULL,
    -- A first task of the catalogue; empty for the house's own.
    template TEXT NOT NULL,
    what TEXT NOT NULL,
    result TEXT NOT NULL,
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

-- A thing of the ledger and how it stands; `note` is sealed.
CREATE TABLE incident_asset (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    incident_id UUID NOT NULL,
    asset_id UUID NOT NULL,
    -- suspected, affected, cut_off, restored, clean
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, incident_id, asset_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);

-- `detail` is sealed: what it is, from where, by which means.
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
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);

-- Who had it, from hand to hand; `detail` is sealed.
CREATE TABLE incident_custody (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    evidence_id UUID NOT NULL,
    detail TEXT NOT NULL,
    handed_at TIMESTAMPTZ NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by_name TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, evidence_id) REFERENCES incident_evidence (organisation_id, id)
);

-- A duty of the catalogue for this incident; `note` is sealed.
CREATE TABLE incident_duty (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    incident_id UUID NOT NULL,
    -- A duty of the catalogue.
    duty TEXT NOT NULL,
    -- The answers to its plain questions, as JSON: codes and yes, no or unknown.
    answers TEXT NOT NULL,
    -- yes, no, unknown
    applies TEXT NOT NULL,
    note TEXT NOT NULL,
    done_at TIMESTAMPTZ,
    done_by_name TEXT NOT NULL,
    -- Evidence that proves it.
    proof_id UUID,
    -- The last moment of which somebody was reminded.
    reminded_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, incident_id, duty),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);

-- What people wrote into a report beside what the case fills in; `content` is sealed.
CREATE TABLE incident_report (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    incident_id UUID NOT NULL,
    -- regulator_preliminary, regulator_final, ransomware, denial, ministry, prefecture, patients, press
    form TEXT NOT NULL,
    content TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, incident_id, form),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
