-- What tools were called: one row per call, also refused, failed and cancelled ones. Neither arguments nor results.
CREATE TABLE tool_calls (
    -- UUIDv7 of the moment the call began.
    id              uuid        PRIMARY KEY,
    started_at      timestamptz NOT NULL,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    api_key_id      uuid,
    tool            text        NOT NULL,
    -- Who did the work: a search engine, an external server. Null for ourselves.
    provider        text,
    status          text        NOT NULL,
    failure         text,
    duration_ms     integer     NOT NULL,
    argument_bytes  integer     NOT NULL,
    result_bytes    integer     NOT NULL,
    conversation_id text,
    call_id         text
);

CREATE INDEX tool_calls_owner ON tool_calls (user_id, organization_id, id DESC);

-- Calls with an Idempotency-Key: claimed before anything happens, with the result afterwards. A row whose lease has passed and that has no
-- result was left by a process that is gone.
CREATE TABLE call_keys (
    user_id     uuid        NOT NULL,
    key         text        NOT NULL,
    tool        text        NOT NULL,
    -- SHA-256 of the arguments.
    arguments   bytea       NOT NULL,
    run_id      uuid        NOT NULL,
    lease_until timestamptz NOT NULL,
    -- JSON of the result; bounded, and gone at expires_at.
    result      bytea,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX call_keys_expiry ON call_keys (expires_at);

-- What conversations in llm-api are still to be told about calls. Rows go when they have been told.
CREATE TABLE call_reports (
    id              uuid        PRIMARY KEY,
    created_at      timestamptz NOT NULL,
    -- For whom llm-api is asked: a JSON object.
    caller          text        NOT NULL,
    conversation_id text        NOT NULL,
    call_id         text        NOT NULL,
    -- The body of the request.
    body            text        NOT NULL,
    attempts        integer     NOT NULL DEFAULT 0,
    -- The next attempt; while one is made, when it is given up.
    due_at          timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX call_reports_due ON call_reports (due_at);
