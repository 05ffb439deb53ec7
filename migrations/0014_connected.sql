-- Everything that is connected: things of the ledger, what they have to do with one another, and the lines between them.
-- `detail` is sealed: addresses, versions, what protects a thing and what does not.

CREATE TABLE asset (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    -- server, terminal, network_device, medical_device, office_device, cloud_service, data_store, backup, account_group,
    -- zone, place, care_process
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The zone it is in, the place it stands at: things of kind zone and place.
    zone_id UUID,
    place_id UUID,
    system_id UUID,
    vendor_id UUID,
    detail TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, zone_id) REFERENCES asset (organisation_id, id),
    FOREIGN KEY (organisation_id, place_id) REFERENCES asset (organisation_id, id),
    FOREIGN KEY (organisation_id, system_id) REFERENCES system_record (organisation_id, id),
    FOREIGN KEY (organisation_id, vendor_id) REFERENCES vendor (organisation_id, id)
);
CREATE INDEX asset_zone ON asset (organisation_id, zone_id);
CREATE INDEX asset_place ON asset (organisation_id, place_id);
CREATE INDEX asset_system ON asset (organisation_id, system_id);
CREATE INDEX asset_vendor ON asset (organisation_id, vendor_id);

CREATE TABLE asset_relation (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    asset_id UUID NOT NULL,
    -- needs, managed_by, copy_of, opens, found_on
    kind TEXT NOT NULL,
    -- `asset:` or `system:` and the id of what it leads to.
    to_key TEXT NOT NULL,
    to_asset UUID,
    to_system UUID,
    PRIMARY KEY (organisation_id, asset_id, kind, to_key),
    FOREIGN KEY (organisation_id, asset_id) REFERENCES asset (organisation_id, id),
    FOREIGN KEY (organisation_id, to_asset) REFERENCES asset (organisation_id, id),
    FOREIGN KEY (organisation_id, to_system) REFERENCES system_record (organisation_id, id),
    CHECK ((to_asset IS NULL) <> (to_system IS NULL))
);
CREATE INDEX asset_relation_to ON asset_relation (organisation_id, to_key);
CREATE INDEX asset_relation_asset ON asset_relation (organisation_id, to_asset);
CREATE INDEX asset_relation_system ON asset_relation (organisation_id, to_system);

-- An end with nothing in its three columns is the Internet.
CREATE TABLE connection (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_asset UUID,
    from_system UUID,
    from_vendor UUID,
    to_asset UUID,
    to_system UUID,
    to_vendor UUID,
    both_ways BOOLEAN NOT NULL,
    -- Who looks after it.
    vendor_id UUID,
    detail TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, from_asset) REFERENCES asset (organisation_id, id),
    FOREIGN KEY (organisation_id, from_system) REFERENCES system_record (organisation_id, id),
    FOREIGN KEY (organisation_id, from_vendor) REFERENCES vendor (organisation_id, id),
    FOREIGN KEY (organisation_id, to_asset) REFERENCES asset (organisation_id, id),
    FOREIGN KEY (organisation_id, to_system) REFERENCES system_record (organisation_id, id),
    FOREIGN KEY (organisation_id, to_vendor) REFERENCES vendor (organisation_id, id),
    FOREIGN KEY (organisation_id, vendor_id) REFERENCES vendor (organisation_id, id)
);
CREATE INDEX connection_from_asset ON connection (organisation_id, from_asset);
CREATE INDEX connection_from_system ON connection (organisation_id, from_system);
CREATE INDEX connection_from_vendor ON connection (organisation_id, from_vendor);
CREATE INDEX connection_to_asset ON connection (organisation_id, to_asset);
CREATE INDEX connection_to_system ON connection (organisation_id, to_system);
CREATE INDEX connection_to_vendor ON connection (organisation_id, to_vendor);
CREATE INDEX connection_vendor ON connection (organisation_id, vendor_id);

-- Grows with each change of systems, things or lines.
CREATE TABLE ledger_revision (
    organisation_id UUID PRIMARY KEY REFERENCES organisation (id),
    revision BIGINT NOT NULL
);
