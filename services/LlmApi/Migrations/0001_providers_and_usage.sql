-- Providers of the deployment, and what every request to a model used. Every id is a UUIDv7 made by the service.

CREATE TABLE providers (
    id              uuid        PRIMARY KEY,
    name            text        NOT NULL CHECK (name <> ''),
    base_url        text        NOT NULL,
    kind            text        NOT NULL,
    -- AES-256-GCM: version, nonce, tag, ciphertext; bound to the row's id. key_id names the master key it is under.
    encrypted_key   bytea,
    key_id          text,
    enabled         boolean     NOT NULL DEFAULT true,
    priority        integer     NOT NULL DEFAULT 100,
    timeout_seconds integer     NOT NULL DEFAULT 600,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT providers_name UNIQUE (name),
    CONSTRAINT providers_key CHECK ((encrypted_key IS NULL) = (key_id IS NULL))
);

CREATE TABLE usage_records (
    id                uuid        PRIMARY KEY,
    created_at        timestamptz NOT NULL,
    user_id           uuid        NOT NULL,
    organization_id   uuid        NOT NULL,
    project_id        uuid        NOT NULL,
    api_key_id        uuid,
    request_id        text        NOT NULL,
    operation         text        NOT NULL,
    model             text        NOT NULL,
    provider          text,
    upstream_model    text,
    stream            boolean     NOT NULL,
    status            text        NOT NULL CHECK (status IN ('ok', 'failed', 'cancelled')),
    failure           text,
    finish_reason     text,
    prompt_tokens     integer     NOT NULL,
    completion_tokens integer     NOT NULL,
    total_tokens      integer     NOT NULL,
    cached_tokens     integer     NOT NULL,
    reasoning_tokens  integer     NOT NULL,
    -- The provider did not count; completion_tokens is the number of pieces it sent.
    estimated         boolean     NOT NULL,
    duration_ms       integer     NOT NULL,
    first_token_ms    integer
);

CREATE INDEX usage_records_organization ON usage_records (organization_id, created_at);
CREATE INDEX usage_records_user ON usage_records (user_id, created_at);
