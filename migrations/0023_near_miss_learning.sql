-- What is learned from near misses: the analysis of a case, and the committee's meetings.

-- Timeline, why-tree, SHEL and 4M4E of a case. `analysis` is sealed.
CREATE TABLE near_miss_analysis (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    near_miss_id UUID NOT NULL,
    analysis TEXT NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    saved_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, near_miss_id),
    FOREIGN KEY (organisation_id, near_miss_id) REFERENCES near_miss (organisation_id, id)
);

-- A meeting of the committee. `content` is sealed: title, place, who was there, the cases in order, the minutes.
CREATE TABLE near_miss_meeting (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    held_on DATE NOT NULL,
    content TEXT NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    saved_by_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX near_miss_meeting_held ON near_miss_meeting (organisation_id, held_on, id);
