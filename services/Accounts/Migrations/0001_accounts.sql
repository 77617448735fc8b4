-- Users, their tenancy and their API keys. Every id is a UUIDv7 made by the service; no sequence is involved.

CREATE TABLE users (
    id              uuid        PRIMARY KEY,
    issuer          text        NOT NULL,
    subject         text        NOT NULL,
    username        text,
    email           text,
    email_verified  boolean     NOT NULL DEFAULT false,
    name            text,
    -- What the newest token said, and when that token was issued. API keys act with these roles.
    roles           text[]      NOT NULL DEFAULT '{}',
    roles_as_of     timestamptz NOT NULL,
    disabled_at     timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT users_identity UNIQUE (issuer, subject)
);

CREATE TABLE organizations (
    id              uuid        PRIMARY KEY,
    name            text        NOT NULL CHECK (name <> ''),
    is_personal     boolean     NOT NULL DEFAULT false,
    created_by      uuid        NOT NULL REFERENCES users (id),
    created_at      timestamptz NOT NULL
);

-- One personal organization per user, whatever two first requests at the same time do.
CREATE UNIQUE INDEX organizations_personal ON organizations (created_by) WHERE is_personal;

CREATE TABLE organization_members (
    organization_id uuid        NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id         uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role            text        NOT NULL CHECK (role IN ('owner', 'reader')),
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);

CREATE INDEX organization_members_user ON organization_members (user_id);

CREATE TABLE projects (
    id              uuid        PRIMARY KEY,
    organization_id uuid        NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            text        NOT NULL CHECK (name <> ''),
    is_default      boolean     NOT NULL DEFAULT false,
    created_by      uuid        NOT NULL REFERENCES users (id),
    created_at      timestamptz NOT NULL,
    -- Lets api_keys prove that its project belongs to its organization.
    UNIQUE (id, organization_id)
);

CREATE UNIQUE INDEX projects_default ON projects (organization_id) WHERE is_default;

CREATE TABLE project_members (
    project_id      uuid        NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id         uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role            text        NOT NULL CHECK (role IN ('owner', 'member', 'reader')),
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (project_id, user_id)
);

CREATE INDEX project_members_user ON project_members (user_id);

CREATE TABLE api_keys (
    id                 uuid        PRIMARY KEY,
    user_id            uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organization_id    uuid        NOT NULL,
    project_id         uuid        NOT NULL,
    created_by         uuid        NOT NULL REFERENCES users (id),
    -- The key that made this one, when it was not made by a signed-in user.
    created_by_key     uuid        REFERENCES api_keys (id) ON DELETE SET NULL,
    name               text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 128),
    prefix             text        NOT NULL,
    suffix             text        NOT NULL,
    -- SHA-256 of the whole key. The key has 192 random bits, so it needs neither salt nor stretching.
    hash               bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    scopes             text[]      NOT NULL,
    models             text[],
    expires_at         timestamptz NOT NULL,
    revoked_at         timestamptz,
    last_used_at       timestamptz,
    created_at         timestamptz NOT NULL,
    FOREIGN KEY (project_id, organization_id) REFERENCES projects (id, organization_id) ON DELETE CASCADE
);

CREATE INDEX api_keys_user ON api_keys (user_id, id DESC);

-- Who did what to which account object. Holds no secret; rows outlive what they name, so nothing is a foreign key.
CREATE TABLE audit_log (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    api_key_id      uuid,
    action          text        NOT NULL,
    target_id       uuid        NOT NULL,
    request_id      text,
    created_at      timestamptz NOT NULL
);

CREATE INDEX audit_log_organization ON audit_log (organization_id, id DESC);

-- Counts guest logins per client address and minute; rows live for minutes.
CREATE TABLE guest_login_windows (
    address         text        NOT NULL,
    window_start    timestamptz NOT NULL,
    logins          integer     NOT NULL,
    PRIMARY KEY (address, window_start)
);

CREATE INDEX guest_login_windows_start ON guest_login_windows (window_start);
