-- Which ledgers changed is asked twice a second, over all organisations. A ledger's row now says up to which revision it was
-- followed, and an index holds those rows only that are behind: nothing, as a rule, however many institutions there are.

ALTER TABLE ledger_revision ADD COLUMN followed BIGINT NOT NULL DEFAULT 0;
UPDATE ledger_revision SET followed = COALESCE((SELECT e.asked_revision FROM exposure_result e
    WHERE e.organisation_id = ledger_revision.organisation_id), 0);
CREATE INDEX ledger_revision_behind ON ledger_revision (organisation_id) WHERE followed < revision;

-- Said by `followed` from now on.
ALTER TABLE exposure_result DROP COLUMN asked_revision;
