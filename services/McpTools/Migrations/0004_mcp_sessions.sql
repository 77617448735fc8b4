-- What replicas must know of each other's clients of MCP. Revision 2026-07-28 needs none of it; the ones with a handshake do.

CREATE TABLE mcp_sessions (
    id            text        PRIMARY KEY,
    user_id       uuid        NOT NULL,
    project_id    uuid        NOT NULL,
    revision      text        NOT NULL,
    -- What the client said that it can do.
    capabilities  jsonb       NOT NULL,
    -- The level that logging/setLevel set, as the SDK numbers them.
    log_level     integer,
    -- The resources that the client wants to hear of.
    subscriptions text[]      NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL
);

CREATE INDEX mcp_sessions_user ON mcp_sessions (user_id, seen_at);
CREATE INDEX mcp_sessions_seen ON mcp_sessions (seen_at);

-- Questions of running requests to the clients of sessions; the answer may come to any replica.
CREATE TABLE mcp_questions (
    id         text        PRIMARY KEY,
    session_id text        NOT NULL REFERENCES mcp_sessions (id) ON DELETE CASCADE,
    answer     text,
    created_at timestamptz NOT NULL
);

CREATE INDEX mcp_questions_session ON mcp_questions (session_id);
