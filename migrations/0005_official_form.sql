-- The ministry's workbook, as one institution loaded it. The official text stays here, in the tenant's own rows.

CREATE TABLE official_form (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- April to March, by its first calendar year.
    fiscal_year BIGINT NOT NULL,
    -- The form, as the catalogue names it.
    variant TEXT NOT NULL,
    file_name TEXT NOT NULL,
    -- The sealed original.
    digest TEXT NOT NULL,
    -- Where what stands in the workbook, JSON.
    recognition TEXT NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    loaded_by_name TEXT NOT NULL,
    -- When a person confirmed what every row is; the sentences show from then on.
    confirmed_at TIMESTAMPTZ,
    confirmed_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, fiscal_year, variant),
    FOREIGN KEY (organisation_id, digest) REFERENCES file (organisation_id, digest)
);

CREATE TABLE official_row (
    organisation_id UUID NOT NULL,
    fiscal_year BIGINT NOT NULL,
    variant TEXT NOT NULL,
    -- Place among the rows of the workbook, from 0.
    position BIGINT NOT NULL,
    -- As printed.
    number TEXT NOT NULL,
    sentence TEXT NOT NULL,
    -- The row of ours it is; official.… for a row that only this workbook has; NULL where it is no checkpoint.
    placement TEXT,
    -- Further rows of ours that it covers, divided by spaces.
    also TEXT NOT NULL,
    PRIMARY KEY (organisation_id, fiscal_year, variant, position),
    FOREIGN KEY (organisation_id, fiscal_year, variant)
        REFERENCES official_form (organisation_id, fiscal_year, variant)
);
