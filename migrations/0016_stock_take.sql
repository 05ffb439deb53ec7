-- The yearly stock-take: the ledger's things that somebody can walk to, and what stood there.

CREATE TABLE stock_take (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    -- By its first calendar year.
    fiscal_year BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    started_by_name TEXT NOT NULL,
    -- NULL while somebody walks; afterwards its lines only remember.
    closed_at TIMESTAMPTZ,
    closed_by_name TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
-- One at a time.
CREATE UNIQUE INDEX stock_take_open ON stock_take (organisation_id) WHERE closed_at IS NULL;

-- A thing as the ledger had it when the stock-take began (or when it came, if later), and what was found. It outlives the
-- thing: a list of last year still names what is gone. `detail` and `finding` are sealed.
CREATE TABLE stock_take_line (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    stock_take_id UUID NOT NULL,
    asset_id UUID NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- not_checked, found, different, not_found
    outcome TEXT NOT NULL,
    finding TEXT NOT NULL,
    -- It stood there and was in no ledger.
    added BOOLEAN NOT NULL,
    checked_at TIMESTAMPTZ,
    checked_by_name TEXT NOT NULL,
    -- When what was found was taken over into the ledger.
    taken_at TIMESTAMPTZ,
    taken_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, stock_take_id, asset_id),
    FOREIGN KEY (organisation_id, stock_take_id) REFERENCES stock_take (organisation_id, id)
);
