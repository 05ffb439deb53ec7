-- Links with which somebody without an account does one thing, and what vendors answered through one.

CREATE TABLE link (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- Only the hash of the secret is kept.
    token_hash BYTEA NOT NULL UNIQUE,
    -- The one thing that it is for.
    purpose TEXT NOT NULL,
    -- What it is about, as its purpose writes it.
    subject TEXT NOT NULL,
    -- Whom or what it is for, in words: the log and the lists name it so.
    name TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- How often it can be used; NULL for as often as is wished until it ends.
    most_uses BIGINT,
    uses BIGINT NOT NULL,
    used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    revoked_by UUID REFERENCES person (id),
    PRIMARY KEY (organisation_id, id)
);

-- What a vendor answered about a row. It waits until somebody of the house takes it over or puts it aside, and stays.
CREATE TABLE checklist_reply (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    round_id UUID NOT NULL,
    placement TEXT NOT NULL,
    vendor_id UUID NOT NULL,
    link_id UUID NOT NULL,
    -- The name that was given; nobody has proved it.
    name TEXT NOT NULL,
    answer TEXT NOT NULL,
    target DATE,
    note TEXT NOT NULL,
    replied_at TIMESTAMPTZ NOT NULL,
    -- What became of it: taken or set_aside; NULL while it waits.
    outcome TEXT,
    settled_at TIMESTAMPTZ,
    settled_by_name TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, round_id) REFERENCES checklist_round (organisation_id, id),
    FOREIGN KEY (organisation_id, link_id) REFERENCES link (organisation_id, id)
);
CREATE INDEX checklist_reply_row ON checklist_reply (organisation_id, round_id, placement, id);

-- Through which link something was done, where it was; part of the entry's hash.
ALTER TABLE audit_entry ADD COLUMN link_id UUID;
ALTER TABLE audit_entry ADD COLUMN link_name TEXT NOT NULL DEFAULT '';
