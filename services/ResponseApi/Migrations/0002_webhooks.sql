-- Whom to tell that a background response has ended, and what came of it.

CREATE TABLE webhooks (
    id                uuid        PRIMARY KEY,
    user_id           uuid        NOT NULL,
    project_id        uuid        NOT NULL,
    url               text        NOT NULL CHECK (url <> ''),
    description       text,
    events            text[]      NOT NULL,
    enabled           boolean     NOT NULL,
    -- Why it was switched off by itself, if it was.
    disabled_reason   text,
    -- Encrypted. The previous one signs too until its time is over.
    secret            bytea       NOT NULL,
    previous_secret   bytea,
    previous_until    timestamptz,
    -- The first failure since the last success.
    failing_since     timestamptz,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL
);

CREATE INDEX webhooks_owner ON webhooks (user_id, project_id, id);

-- Signs what goes to addresses that a request names itself.
CREATE TABLE webhook_default_secrets (
    user_id    uuid        NOT NULL,
    project_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    secret     bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, project_id)
);

-- The outbox and the log in one: a row is written with the end of its response.
CREATE TABLE webhook_deliveries (
    id              uuid        PRIMARY KEY,
    -- Null for an address that the request named.
    webhook_id      uuid        REFERENCES webhooks (id) ON DELETE CASCADE,
    user_id         uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    response_id     uuid        NOT NULL,
    -- The id of what happened, the same for all who are told and however often: receivers tell repetitions by it.
    event_id        uuid        NOT NULL,
    event           text        NOT NULL,
    url             text        NOT NULL,
    payload         bytea       NOT NULL,
    status          text        NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts        integer     NOT NULL DEFAULT 0,
    -- Raised by whoever takes the row, so that no other does meanwhile.
    next_attempt_at timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';

CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, id);

CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE webhook_attempts (
    delivery_id uuid        NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    attempt     integer     NOT NULL,
    at          timestamptz NOT NULL,
    -- What was answered; null when there was no answer.
    status_code integer,
    error       text,
    duration_ms integer     NOT NULL,
    PRIMARY KEY (delivery_id, attempt)
);
