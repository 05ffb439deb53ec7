-- The plan: what was said about steps, and what was chosen for a week. The order itself is computed.

CREATE TABLE plan_step (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- April to March, by its first calendar year.
    fiscal_year BIGINT NOT NULL,
    -- A step of the catalogue, or 'house.' and a word of ours.
    step_id TEXT NOT NULL,
    -- done, not_for_us, later, open (what was said was taken back)
    state TEXT NOT NULL,
    -- The day it comes back; only for later.
    until_day DATE,
    note TEXT NOT NULL,
    by_person UUID NOT NULL REFERENCES person (id),
    by_name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, fiscal_year, step_id)
);

CREATE TABLE plan_pick (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- The week's Monday.
    week DATE NOT NULL,
    step_id TEXT NOT NULL,
    -- Order of choosing.
    position BIGINT NOT NULL,
    -- Minutes of the step when it was chosen.
    minutes BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, week, step_id)
);
