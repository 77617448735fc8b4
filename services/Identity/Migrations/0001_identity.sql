CREATE TABLE users (
    id                    uuid PRIMARY KEY,
    realm                 text NOT NULL,
    user_name             text NOT NULL,
    normalized_user_name  text NOT NULL,
    email                 text,
    normalized_email      text,
    email_confirmed       boolean NOT NULL DEFAULT false,
    password_hash         text,
    security_stamp        text,
    concurrency_stamp     text,
    lockout_enabled       boolean NOT NULL DEFAULT true,
    lockout_end           timestamptz,
    access_failed_count   integer NOT NULL DEFAULT 0,
    first_name            text,
    last_name             text,
    enabled               boolean NOT NULL DEFAULT true,
    attributes            jsonb NOT NULL DEFAULT '{}',
    required_actions      text[] NOT NULL DEFAULT '{}',
    created_at            timestamptz NOT NULL
);

CREATE UNIQUE INDEX ix_users_normalized_user_name ON users (normalized_user_name);
CREATE UNIQUE INDEX ix_users_normalized_email ON users (realm, normalized_email) WHERE normalized_email IS NOT NULL;
CREATE INDEX ix_users_attributes ON users USING gin (attributes jsonb_path_ops);

CREATE TABLE roles (
    id                uuid PRIMARY KEY,
    name              text NOT NULL,
    normalized_name   text NOT NULL UNIQUE,
    concurrency_stamp text,
    description       text
);

CREATE TABLE user_roles (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role_id uuid NOT NULL REFERENCES roles ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);

CREATE INDEX ix_user_roles_role_id ON user_roles (role_id);

CREATE TABLE groups (
    id         uuid PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    attributes jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE group_members (
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id  uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);

CREATE INDEX ix_group_members_user_id ON group_members (user_id);

CREATE TABLE signing_keys (
    kid         text PRIMARY KEY,
    realm       text NOT NULL,
    state       text NOT NULL,
    public_key  bytea NOT NULL,
    private_key bytea,
    created_at  timestamptz NOT NULL,
    retires_at  timestamptz
);

CREATE UNIQUE INDEX ix_signing_keys_active ON signing_keys (realm) WHERE state = 'active';

CREATE TABLE sessions (
    id              uuid PRIMARY KEY,
    realm           text NOT NULL,
    user_id         uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    cookie_hash     bytea UNIQUE,
    started_at      timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL,
    last_access_at  timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL
);

CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE INDEX ix_sessions_last_access_at ON sessions (last_access_at);

CREATE TABLE refresh_tokens (
    id         uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    client_id  text NOT NULL,
    scope      text NOT NULL,
    parent_id  uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz
);

CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE INDEX ix_refresh_tokens_parent_id ON refresh_tokens (parent_id);
CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at);

CREATE TABLE authorization_codes (
    code_hash      bytea PRIMARY KEY,
    session_id     uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    client_id      text NOT NULL,
    redirect_uri   text NOT NULL,
    code_challenge text,
    nonce          text,
    scope          text NOT NULL,
    acr            text NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    redeemed_at    timestamptz
);

CREATE INDEX ix_authorization_codes_session_id ON authorization_codes (session_id);
CREATE INDEX ix_authorization_codes_expires_at ON authorization_codes (expires_at);

CREATE TABLE revoked_tokens (
    jti        uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

CREATE INDEX ix_revoked_tokens_expires_at ON revoked_tokens (expires_at);

INSERT INTO roles (id, name, normalized_name, description) VALUES
    (gen_random_uuid(), 'admin', 'ADMIN', 'Administers JanServer'),
    (gen_random_uuid(), 'user', 'USER', 'A registered user'),
    (gen_random_uuid(), 'guest', 'GUEST', 'A visitor without an account');

INSERT INTO groups (id, name, attributes) VALUES
    (gen_random_uuid(), 'jan_group', '{}'),
    (gen_random_uuid(), 'pilot_users', '{"feature_flags": ["experimental_models"]}'),
    (gen_random_uuid(), 'standard', '{}'),
    (gen_random_uuid(), 'guest', '{}');
