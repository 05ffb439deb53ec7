-- Rounds of the yearly checklist: one institution's answering of one year's form, about itself or about a vendor.

CREATE TABLE checklist_round (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- April to March, by its first calendar year.
    fiscal_year BIGINT NOT NULL,
    -- The form, as the catalogue names it.
    variant TEXT NOT NULL,
    -- The vendor the form speaks of; NULL where the institution answers about itself.
    vendor_id UUID,
    -- 'own' or the vendor's id: what makes a round the only one of its year, as NULLs never equal each other.
    subject TEXT NOT NULL,
    -- The round whose answers were carried over.
    carried_from UUID,
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by UUID NOT NULL REFERENCES person (id),
    -- The last change of anything in the round; writing it holds the round open until the change is committed.
    touched_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID REFERENCES person (id),
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, fiscal_year, subject)
);

CREATE TABLE checklist_answer (
    organisation_id UUID NOT NULL,
    round_id UUID NOT NULL,
    -- The row of the form, as the catalogue names it.
    placement TEXT NOT NULL,
    -- yes, no, not_sure, not_applicable; NULL while only a note or a date was written.
    answer TEXT,
    -- Why the row does not apply.
    reason TEXT NOT NULL,
    -- The dates of the form's check columns in order, ISO, divided by commas, an empty place for an empty column: how
    -- many there are is the edition's business.
    checked TEXT NOT NULL,
    target DATE,
    note TEXT NOT NULL,
    -- Taken over from an earlier year and not yet confirmed.
    carried BOOLEAN NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by UUID NOT NULL REFERENCES person (id),
    changed_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, round_id, placement),
    FOREIGN KEY (organisation_id, round_id) REFERENCES checklist_round (organisation_id, id)
);

CREATE TABLE checklist_assignment (
    organisation_id UUID NOT NULL,
    round_id UUID NOT NULL,
    placement TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    due DATE,
    assigned_at TIMESTAMPTZ NOT NULL,
    assigned_by UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (organisation_id, round_id, placement),
    FOREIGN KEY (organisation_id, round_id) REFERENCES checklist_round (organisation_id, id)
);
CREATE INDEX checklist_assignment_person ON checklist_assignment (organisation_id, person_id);

CREATE TABLE checklist_evidence (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    round_id UUID NOT NULL,
    placement TEXT NOT NULL,
    -- file, system, vendor, contact
    target_kind TEXT NOT NULL,
    -- The file's digest, or the record's id.
    target TEXT NOT NULL,
    -- The file's name, or the record's name at the time.
    name TEXT NOT NULL,
    -- Size in bytes and media type of a file; 0 and empty for a record.
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    added_by UUID NOT NULL REFERENCES person (id),
    added_by_name TEXT NOT NULL,
    removed_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, round_id) REFERENCES checklist_round (organisation_id, id)
);
CREATE INDEX checklist_evidence_row ON checklist_evidence (organisation_id, round_id, placement);

-- What was asked of a vendor, and when: the row waits for the answer.
CREATE TABLE checklist_ask (
    organisation_id UUID NOT NULL,
    round_id UUID NOT NULL,
    placement TEXT NOT NULL,
    vendor_id UUID NOT NULL,
    asked_on DATE NOT NULL,
    reply_by DATE NOT NULL,
    asked_by_name TEXT NOT NULL,
    replied_on DATE,
    PRIMARY KEY (organisation_id, round_id, placement, vendor_id),
    FOREIGN KEY (organisation_id, round_id) REFERENCES checklist_round (organisation_id, id)
);
