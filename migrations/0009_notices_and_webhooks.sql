-- Background work with a time and a key, reminders by mail, webhooks.

-- The table of jobs anew: SQLite cannot let go of a reference, and the program itself is no person.
CREATE TABLE job_next (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    -- What may be asked for once only; empty where twice is twice.
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- Who asked; the nil id where the program did by itself.
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- waiting, running, done, failed, cancelled
    state TEXT NOT NULL,
    -- Not before this moment.
    run_at TIMESTAMPTZ NOT NULL,
    step BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    -- A word for the step under way, translated by whoever shows it.
    stage TEXT NOT NULL,
    result TEXT NOT NULL,
    -- How often it was begun in all, which tells one runner from the next; and since somebody last asked for it.
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    cancel_asked BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);
INSERT INTO job_next (organisation_id, id, kind, key, payload, person_id, person_name, role, state, run_at, step, steps,
    stage, result, attempts, tries, cancel_asked, created_at, lease_until, finished_at)
SELECT organisation_id, id, kind, '', payload, person_id, person_name, role, state, created_at, step, steps,
    stage, result, attempts, attempts, cancel_asked, created_at, lease_until, finished_at FROM job;
DROP TABLE job;
ALTER TABLE job_next RENAME TO job;
CREATE INDEX job_due ON job (kind, state, run_at);
CREATE INDEX job_state ON job (state, created_at);
CREATE UNIQUE INDEX job_key ON job (organisation_id, kind, key) WHERE key <> '';

-- May a mail remind this person of dates and of what was given to them.
ALTER TABLE person ADD COLUMN reminders BOOLEAN NOT NULL DEFAULT TRUE;

-- Addresses of other programs that are told of changes.
CREATE TABLE webhook (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    url TEXT NOT NULL,
    -- Names of events, divided by spaces.
    events TEXT NOT NULL,
    -- What signs the messages, sealed with the installation's key.
    secret BYTEA NOT NULL,
    -- The last entry of the log that was looked at for it.
    seen_seq BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by_name TEXT NOT NULL,
    -- Since when nothing has got through.
    failing_since TIMESTAMPTZ,
    stopped_at TIMESTAMPTZ,
    -- Empty where the program stopped it.
    stopped_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
