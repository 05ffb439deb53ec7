-- Reminders of an incident's clocks: a row for each that was sent, so that none is sent twice.

CREATE TABLE incident_reminder (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    incident_id UUID NOT NULL,
    -- A duty of the catalogue.
    duty TEXT NOT NULL,
    -- near, aim, last, over
    stage TEXT NOT NULL,
    -- The last day of the clock: one that was set anew is reminded of anew.
    due_on DATE NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    person_name TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, incident_id, duty, stage, due_on, person_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incident (organisation_id, id)
);
-- Which incidents go on is asked of all organisations at once.
CREATE INDEX incident_state ON incident (state);
