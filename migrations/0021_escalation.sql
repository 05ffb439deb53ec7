-- Calling the contact network out: plans, what was started, who was asked by which way, and who knows.

CREATE TABLE escalation_plan (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    -- What starts it by itself: near_miss, incident, or hand for nothing.
    starts_with TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE escalation_step (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    plan_id UUID NOT NULL,
    position BIGINT NOT NULL,
    contact_id UUID NOT NULL,
    -- How long an answer is waited for before the stand-in or the next step is asked.
    wait_minutes BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, plan_id, position),
    FOREIGN KEY (organisation_id, plan_id) REFERENCES escalation_plan (organisation_id, id)
);

-- One calling-out. `detail` is sealed: what people are told.
CREATE TABLE escalation (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    plan_id UUID,
    plan_name TEXT NOT NULL,
    -- event, test
    kind TEXT NOT NULL,
    -- What it is about: near_miss or incident and its id; empty where somebody started it by hand.
    subject_kind TEXT NOT NULL,
    subject_id UUID,
    detail TEXT NOT NULL,
    -- running, known, exhausted, stopped
    state TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    started_by_name TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
-- What is about the same thing starts a plan once.
CREATE UNIQUE INDEX escalation_subject ON escalation (organisation_id, subject_kind, subject_id, plan_id)
    WHERE subject_id IS NOT NULL;

-- Somebody who is to know, as the plan had them when it was started. `detail` is sealed: name, duty, numbers to call.
CREATE TABLE escalation_call (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    escalation_id UUID NOT NULL,
    -- The order of asking; a stand-in comes right after whom they stand in for.
    position BIGINT NOT NULL,
    contact_id UUID NOT NULL,
    -- The call that they stand in for.
    stands_for UUID,
    detail TEXT NOT NULL,
    wait_minutes BIGINT NOT NULL,
    -- waiting, asked, known, silent (nobody answered in time), unreachable (no way worked), not_needed
    state TEXT NOT NULL,
    asked_at TIMESTAMPTZ,
    -- Until when an answer is waited for.
    due_at TIMESTAMPTZ,
    known_at TIMESTAMPTZ,
    -- link, call (somebody wrote down that they were told), self (signed in)
    known_how TEXT NOT NULL DEFAULT '',
    known_by_name TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, escalation_id) REFERENCES escalation (organisation_id, id)
);
CREATE INDEX escalation_call_run ON escalation_call (organisation_id, escalation_id, position);

-- A message on its way. It is written as begun before it goes out: what a crash left at "begun" is never sent again by the
-- same way, as nobody knows whether it went; the next way is taken.
CREATE TABLE escalation_message (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    escalation_id UUID NOT NULL,
    call_id UUID NOT NULL,
    position BIGINT NOT NULL,
    -- sms, mail, push, chat
    way TEXT NOT NULL,
    -- begun, sent, failed, unknown
    state TEXT NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    -- What the provider said, without any address.
    said TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, call_id, position),
    FOREIGN KEY (organisation_id, call_id) REFERENCES escalation_call (organisation_id, id)
);

-- When the network is tried by itself.
CREATE TABLE escalation_schedule (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- Every so many months; none are made where there is no row.
    months BIGINT NOT NULL,
    next_on DATE NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id)
);
