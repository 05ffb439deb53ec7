-- Calling the contact network out: plans, what was started, who was asked by which way, and who knows.

CREATE TABLE escalation_plan (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    -- What starts it by itself: near_miss, incident, or hand for nothing.
    starts_with TEXT NOT NULL,
    -- Whether all steps are asked at once and each has to know; else one after another until one knows.
    everyone BOOLEAN NOT NULL,
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
    everyone BOOLEAN NOT NULL,
    -- What it is about: near_miss or incident and its id; empty where somebody started it by hand.
    subject_kind TEXT NOT NULL,
    subject_id UUID,
    detail TEXT NOT NULL,
    -- running, known, exhausted, stopped
    state TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    started_by_name TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    -- When there is something to do again; none once it is over.
    next_at TIMESTAMPTZ,
    -- Until when a node has it in hand.
    held_until TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
-- What is about the same thing starts a plan once.
CREATE UNIQUE INDEX escalation_subject ON escalation (organisation_id, subject_kind, subject_id, plan_id)
    WHERE subject_id IS NOT NULL;
CREATE INDEX escalation_next ON escalation (next_at) WHERE next_at IS NOT NULL;

-- Somebody who is to know, as plan and network had them when it was started. `detail` is sealed: name, duty, ways.
CREATE TABLE escalation_call (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    escalation_id UUID NOT NULL,
    -- The step of the plan, and within it the order of asking: 0 for whom the step names, then the stand-ins.
    step BIGINT NOT NULL,
    place BIGINT NOT NULL,
    contact_id UUID NOT NULL,
    detail TEXT NOT NULL,
    wait_minutes BIGINT NOT NULL,
    -- waiting, asked, known, declined, silent (nobody answered in time), unreachable (no way worked), not_needed
    state TEXT NOT NULL,
    -- How many of the ways were tried, and by how many something may have gone.
    tried BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    asked_at TIMESTAMPTZ,
    -- When the next way is tried, and until when an answer is waited for.
    next_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ,
    known_at TIMESTAMPTZ,
    -- link, call (somebody wrote down that they were told), self (signed in)
    known_how TEXT NOT NULL,
    known_by_name TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, escalation_id) REFERENCES escalation (organisation_id, id)
);
CREATE INDEX escalation_call_run ON escalation_call (organisation_id, escalation_id, step, place);

-- A message on its way. It is written as begun before it goes out: what a crash left at "begun" is never sent again by the
-- same way, as nobody knows whether it went; the next way is taken.
CREATE TABLE escalation_message (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id UUID NOT NULL,
    escalation_id UUID NOT NULL,
    call_id UUID NOT NULL,
    -- Which of the call's ways.
    position BIGINT NOT NULL,
    -- sms, mail, push, chat
    way TEXT NOT NULL,
    -- SHA-256 of the secret in the address with which whoever got it answers.
    token_hash BYTEA NOT NULL UNIQUE,
    -- begun, sent, failed, unknown
    state TEXT NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    -- What the provider said, without any address.
    said TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, call_id, position),
    FOREIGN KEY (organisation_id, call_id) REFERENCES escalation_call (organisation_id, id)
);
CREATE INDEX escalation_message_run ON escalation_message (organisation_id, escalation_id, call_id, position);

-- When the network is tried by itself.
CREATE TABLE escalation_schedule (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- Every so many months; none are made where it is 0.
    months BIGINT NOT NULL,
    next_on DATE NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organisation_id)
);
CREATE INDEX escalation_schedule_next ON escalation_schedule (next_on);
