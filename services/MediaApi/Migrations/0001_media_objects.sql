-- What users store. The file lies in the file store under its id; this row says whose it is and what is in it.

CREATE TABLE media_objects (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    sha256          bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    -- By content, not by what the uploader said.
    mime_type       text        NOT NULL CHECK (mime_type <> ''),
    bytes           bigint      NOT NULL CHECK (bytes > 0),
    filename        text,
    created_at      timestamptz NOT NULL,
    -- When it may be deleted; never when null.
    retention_until timestamptz,

    -- The same content is stored once for an owner. Not for all: that would tell one user what others have.
    CONSTRAINT media_objects_content UNIQUE (user_id, project_id, sha256)
);

CREATE INDEX media_objects_owner ON media_objects (user_id, project_id, id);

CREATE INDEX media_objects_retention ON media_objects (retention_until) WHERE retention_until IS NOT NULL;
