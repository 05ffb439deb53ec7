-- The link that leads from the emergency binder to the page of reports; the program itself makes it.

-- The table of links anew, and what refers to it: SQLite cannot let go of NOT NULL, and the program itself is no person.
CREATE TABLE link_next (
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
    -- NULL where the program made it.
    created_by UUID REFERENCES person (id),
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
INSERT INTO link_next (organisation_id, id, token_hash, purpose, subject, name, created_by, created_at, expires_at,
    most_uses, uses, used_at, revoked_at, revoked_by)
SELECT organisation_id, id, token_hash, purpose, subject, name, created_by, created_at, expires_at,
    most_uses, uses, used_at, revoked_at, revoked_by FROM link;

CREATE TABLE checklist_reply_next (
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
    FOREIGN KEY (organisation_id, link_id) REFERENCES link_next (organisation_id, id)
);
INSERT INTO checklist_reply_next (organisation_id, id, round_id, placement, vendor_id, link_id, name, answer, target, note,
    replied_at, outcome, settled_at, settled_by_name)
SELECT organisation_id, id, round_id, placement, vendor_id, link_id, name, answer, target, note,
    replied_at, outcome, settled_at, settled_by_name FROM checklist_reply;

DROP TABLE checklist_reply;
DROP TABLE link;
ALTER TABLE link_next RENAME TO link;
ALTER TABLE checklist_reply_next RENAME TO checklist_reply;
CREATE INDEX checklist_reply_row ON checklist_reply (organisation_id, round_id, placement, id);

-- Where the binder's QR code leads. Each edition prints the same secret, so it is kept, sealed; the door itself knows its hash.
CREATE TABLE emergency_binder_door (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- NULL until the first was made.
    link_id UUID,
    secret TEXT NOT NULL,
    PRIMARY KEY (organisation_id),
    FOREIGN KEY (organisation_id, link_id) REFERENCES link (organisation_id, id)
);
