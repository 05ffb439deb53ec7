-- What keeps the installation itself: recurring work, and the backups that were made. They belong to no organisation.

CREATE TABLE routine (
    name TEXT PRIMARY KEY,
    -- When it is due; NULL for what waits to be asked for.
    due_at TIMESTAMPTZ,
    -- Whoever does it holds it until then.
    lease_until TIMESTAMPTZ,
    -- Counts the doings, so that a doer who lost the lease notices.
    turn BIGINT NOT NULL,
    -- Doings in a row that came to no end.
    attempts BIGINT NOT NULL,
    -- The name of who asked for it; empty where its time had come.
    asked_by TEXT NOT NULL,
    step BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    -- A word for the step under way, translated by whoever shows it.
    stage TEXT NOT NULL
);

CREATE TABLE backup (
    -- The archive's own name.
    id UUID PRIMARY KEY,
    -- daily, asked, console
    cause TEXT NOT NULL,
    -- Who asked for it; empty for the daily one.
    by_name TEXT NOT NULL,
    -- The moment that it holds.
    begun_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    -- NULL where it was made; else no_folder, no_room, not_allowed, key, damaged, no_evidence, other, and what the log said.
    trouble TEXT,
    detail TEXT NOT NULL,
    file TEXT NOT NULL,
    size BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    file_count BIGINT NOT NULL,
    -- Evidence files that could not be opened, and are not in it.
    unreadable BIGINT NOT NULL
);
CREATE INDEX backup_ended ON backup (ended_at);
