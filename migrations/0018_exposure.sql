-- What the exposure engine last said of an institution's ledger. It can be computed again at any time, so nothing is lost
-- with a row. `report` and `gains` are sealed: they are the way in, written down.

CREATE TABLE exposure_result (
    organisation_id UUID PRIMARY KEY REFERENCES organisation (id),
    -- The revision of the ledger for which an answer was last asked.
    asked_revision BIGINT NOT NULL,
    -- The revision that the answer is about; -1 while there is none.
    ledger_revision BIGINT NOT NULL,
    computed_at TIMESTAMPTZ,
    -- The last day on which the same ledger gives the same answer; the day after, a maker's support has ended somewhere.
    good_until DATE,
    report TEXT NOT NULL,
    -- What the plan reads of it.
    gains TEXT NOT NULL
);
