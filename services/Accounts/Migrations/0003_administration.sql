-- The feature flags of the newest token, beside its roles; API keys act with both.
ALTER TABLE users ADD COLUMN flags text[] NOT NULL DEFAULT '{}';

-- What the flags that groups carry mean. The groups themselves are the identity provider's.
CREATE TABLE feature_flags (
    id              uuid        PRIMARY KEY,
    key             text        NOT NULL CONSTRAINT feature_flags_key UNIQUE CHECK (key ~ '^[a-z0-9_]{1,50}$'),
    name            text        NOT NULL,
    description     text,
    category        text,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

INSERT INTO feature_flags (id, key, name, description, category, created_at, updated_at)
VALUES ('01930000-0000-7000-8000-000000000001', 'experimental_models', 'Experimental models', 'Shows models that are marked experimental.', 'models', now(), now());

-- Administration is audited too: what it changes is not always ours (users of the identity provider have text ids), nor always of an
-- organization (services report what their administrators did), and failed attempts are part of the record.
ALTER TABLE audit_log ALTER COLUMN target_id DROP NOT NULL;
ALTER TABLE audit_log ADD COLUMN user_email text;
ALTER TABLE audit_log ADD COLUMN resource_type text NOT NULL DEFAULT 'api_key';
ALTER TABLE audit_log ADD COLUMN resource_id text;
ALTER TABLE audit_log ADD COLUMN payload json;
ALTER TABLE audit_log ADD COLUMN ip_address text;
ALTER TABLE audit_log ADD COLUMN user_agent text;
ALTER TABLE audit_log ADD COLUMN status_code integer;

CREATE INDEX audit_log_action ON audit_log (action, id DESC);
CREATE INDEX audit_log_user ON audit_log (user_id, id DESC);
CREATE INDEX audit_log_resource ON audit_log (resource_type, id DESC);
