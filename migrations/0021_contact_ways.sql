-- Several ways to reach a contact, when it can be reached, who stands in, and who is shown to whoever reports at a poster.

-- In words, such as "平日 9–18時"; empty where nobody wrote any.
ALTER TABLE contact ADD COLUMN hours TEXT NOT NULL DEFAULT '';
-- Duty and numbers stand on the pages that a poster opens for everybody.
ALTER TABLE contact ADD COLUMN for_reporters BOOLEAN NOT NULL DEFAULT FALSE;

-- A way beside the two numbers and the mail address that stand in `contact`. `address` is sealed: a number, an address,
-- or what a browser gave to be reached by push.
CREATE TABLE contact_way (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    contact_id UUID NOT NULL,
    position BIGINT NOT NULL,
    -- call, sms, mail, push, chat
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    -- How the house calls it, such as a telephone's model; may be empty.
    label TEXT NOT NULL,
    -- always, day, night
    hours TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contact (organisation_id, id)
);
CREATE INDEX contact_way_contact ON contact_way (organisation_id, contact_id, position);

-- Who is asked where a contact does not answer, in this order.
CREATE TABLE contact_stand_in (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    contact_id UUID NOT NULL,
    position BIGINT NOT NULL,
    stand_in_id UUID NOT NULL,
    PRIMARY KEY (organisation_id, contact_id, position),
    UNIQUE (organisation_id, contact_id, stand_in_id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contact (organisation_id, id),
    FOREIGN KEY (organisation_id, stand_in_id) REFERENCES contact (organisation_id, id)
);
