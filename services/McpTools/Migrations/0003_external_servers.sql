-- External MCP servers: who registered them, what they offer, how they do, and who has signed in to them.
CREATE TABLE external_servers (
    id uuid PRIMARY KEY,
    scope text NOT NULL CHECK (scope IN ('deployment', 'organization', 'user')),
    -- 'configuration': the operator's; its secrets stay in the configuration and it is not changed over the API.
    source text NOT NULL CHECK (source IN ('api', 'configuration')),
    organization_id uuid,
    user_id uuid,
    project_id uuid,
    label text NOT NULL CHECK (label ~ '^[a-z0-9-]{1,32}$'),
    description text,
    transport text NOT NULL CHECK (transport IN ('http', 'stdio')),
    url text,
    command text,
    arguments text[] NOT NULL DEFAULT '{}',
    auth text NOT NULL CHECK (auth IN ('none', 'oauth')),
    client_id text,
    has_client_secret boolean NOT NULL DEFAULT false,
    scopes text[] NOT NULL DEFAULT '{}',
    header_names text[] NOT NULL DEFAULT '{}',
    environment_names text[] NOT NULL DEFAULT '{}',
    secrets bytea,
    secrets_key_id text,
    is_enabled boolean NOT NULL,
    allowed_tools text[],
    denied_tools text[] NOT NULL DEFAULT '{}',
    require_approval text NOT NULL CHECK (require_approval IN ('always', 'never')),
    -- The tools that are treated the other way.
    approval_exceptions text[] NOT NULL DEFAULT '{}',
    timeout_seconds integer NOT NULL,
    -- Counts changes of how the server is reached; connections of an older count are not used.
    revision integer NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT external_servers_owner CHECK (
        (scope = 'user') = (user_id IS NOT NULL AND project_id IS NOT NULL) AND (scope = 'deployment') = (organization_id IS NULL)),
    CONSTRAINT external_servers_transport CHECK (
        (transport = 'http' AND url IS NOT NULL) OR (transport = 'stdio' AND command IS NOT NULL AND scope <> 'user')),
    CONSTRAINT external_servers_label UNIQUE NULLS NOT DISTINCT (scope, organization_id, user_id, project_id, label)
);

CREATE INDEX external_servers_of_user ON external_servers (user_id, project_id, id) WHERE scope = 'user';
CREATE INDEX external_servers_of_administrators ON external_servers (id) WHERE scope <> 'user';

CREATE TABLE external_tool_lists (
    server_id uuid NOT NULL REFERENCES external_servers ON DELETE CASCADE,
    -- The user whose sign-in listed them; zero where the server shows everybody the same.
    principal_id uuid NOT NULL,
    tools text,
    tool_count integer NOT NULL DEFAULT 0,
    fetched_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    next_refresh_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (server_id, principal_id)
);

CREATE INDEX external_tool_lists_due ON external_tool_lists (next_refresh_at);

CREATE TABLE external_server_health (
    server_id uuid PRIMARY KEY REFERENCES external_servers ON DELETE CASCADE,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_error text,
    consecutive_failures integer NOT NULL DEFAULT 0,
    -- Until then calls are refused; the first one after it is the probe.
    open_until timestamptz
);

CREATE TABLE external_authorizations (
    server_id uuid NOT NULL REFERENCES external_servers ON DELETE CASCADE,
    user_id uuid NOT NULL,
    tokens bytea NOT NULL,
    key_id text NOT NULL,
    expires_at timestamptz,
    scope text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (server_id, user_id)
);

CREATE TABLE external_oauth_clients (
    server_id uuid NOT NULL REFERENCES external_servers ON DELETE CASCADE,
    issuer text NOT NULL,
    redirect_uri text NOT NULL,
    client bytea NOT NULL,
    key_id text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (server_id, issuer, redirect_uri)
);

CREATE TABLE external_sign_ins (
    ticket_hash bytea PRIMARY KEY,
    state_hash bytea NOT NULL UNIQUE,
    server_id uuid NOT NULL REFERENCES external_servers ON DELETE CASCADE,
    user_id uuid NOT NULL,
    sign_in bytea NOT NULL,
    key_id text NOT NULL,
    -- The browser that went on to the authorization server; null before it did.
    browser_hash bytea,
    expires_at timestamptz NOT NULL
);

CREATE INDEX external_sign_ins_expired ON external_sign_ins (expires_at);
