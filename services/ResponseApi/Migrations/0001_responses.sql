-- Responses that are stored, how far they are, and what they leave behind. The queue of background responses is part of the same table,
-- so that a claim, a checkpoint and an end are each one write.

CREATE TABLE responses (
    id                   uuid        PRIMARY KEY,
    user_id              uuid        NOT NULL,
    organization_id      uuid        NOT NULL,
    project_id           uuid        NOT NULL,
    -- Who asked, as claims: no token is kept.
    caller               json        NOT NULL,
    model                text        NOT NULL,
    -- The request as it was sent, without the secrets of its tools, and those, encrypted. The secrets go when the response ends.
    body                 json        NOT NULL,
    secrets              bytea,
    background           boolean     NOT NULL,
    previous_response_id uuid,
    conversation_id      text,
    -- What the model is shown before the input; kept only while another replica may have to continue.
    context              json,
    input                json        NOT NULL,

    status               text        NOT NULL CHECK (status IN ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
    output               json        NOT NULL DEFAULT '[]',
    input_tokens         bigint      NOT NULL DEFAULT 0,
    cached_tokens        bigint      NOT NULL DEFAULT 0,
    output_tokens        bigint      NOT NULL DEFAULT 0,
    reasoning_tokens     bigint      NOT NULL DEFAULT 0,
    model_calls          integer     NOT NULL DEFAULT 0,
    next_sequence        bigint      NOT NULL DEFAULT 0,
    next_output_index    integer     NOT NULL DEFAULT 0,
    incomplete_reason    text,
    error_code           text,
    error_message        text,
    created_at           timestamptz NOT NULL,
    queued_at            timestamptz,
    started_at           timestamptz,
    ended_at             timestamptz,

    -- Higher runs first.
    priority             smallint    NOT NULL DEFAULT 0,
    attempts             integer     NOT NULL DEFAULT 0,
    -- Who runs it, new for every claim, and until when that holds unless it is prolonged. By the database's clock.
    lease                uuid,
    lease_until          timestamptz
);

CREATE INDEX responses_owner ON responses (user_id, project_id, id);

CREATE INDEX responses_queue ON responses (priority DESC, queued_at, id) WHERE status = 'queued';

CREATE INDEX responses_running ON responses (lease_until) WHERE status = 'in_progress';

CREATE INDEX responses_busy ON responses (user_id, status) WHERE background AND status IN ('queued', 'in_progress');

-- The stream of background responses, for whoever reads it again from any event. Pruned some hours after the end.
CREATE TABLE response_events (
    response_id uuid        NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    sequence    bigint      NOT NULL,
    type        text        NOT NULL,
    -- The whole event as UTF-8 JSON.
    data        bytea       NOT NULL,
    PRIMARY KEY (response_id, sequence)
);

CREATE INDEX responses_ended ON responses (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE tool_executions (
    response_id     uuid        NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    call_id         text        NOT NULL,
    item_id         text        NOT NULL,
    tool_name       text        NOT NULL,
    arguments       text        NOT NULL,
    execution_order integer     NOT NULL,
    -- Which model call of the response asked for it.
    model_call      integer     NOT NULL,
    -- How many output items there were then.
    outputs_before  integer     NOT NULL,
    status          text        NOT NULL,
    model_text      text,
    result          json,
    error           text,
    started_at      timestamptz NOT NULL,
    completed_at    timestamptz,
    PRIMARY KEY (response_id, call_id)
);

CREATE INDEX tool_executions_item ON tool_executions (item_id);

-- Which response has an item, for input that refers to it.
CREATE TABLE response_items (
    response_id uuid        NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    item_id     text        NOT NULL,
    PRIMARY KEY (item_id, response_id)
);

CREATE INDEX response_items_of ON response_items (response_id);

-- Items on their way to a conversation of llm-api: written with the end of a response, gone when they are there.
CREATE TABLE conversation_appends (
    response_id     uuid        PRIMARY KEY,
    caller          json        NOT NULL,
    conversation_id text        NOT NULL,
    items           json        NOT NULL,
    -- How many of the items are there.
    done            integer     NOT NULL DEFAULT 0,
    attempts        integer     NOT NULL DEFAULT 0,
    -- Raised by whoever takes the row, so that no other does meanwhile.
    next_attempt_at timestamptz NOT NULL,
    created_at      timestamptz NOT NULL
);

CREATE INDEX conversation_appends_due ON conversation_appends (next_attempt_at);

CREATE INDEX conversation_appends_of ON conversation_appends (conversation_id);
