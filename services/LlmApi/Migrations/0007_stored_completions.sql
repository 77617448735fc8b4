-- Completions that clients asked to keep with "store": what was asked, and the answer as it was given.

CREATE TABLE stored_completions (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    model           text        NOT NULL,
    metadata        jsonb       NOT NULL DEFAULT '{}',
    -- The chat.completion object without its metadata, which can change. json, not jsonb: the text is given back as it is.
    completion      json        NOT NULL,
    -- The messages of the request.
    messages        json        NOT NULL,
    created_at      timestamptz NOT NULL
);

CREATE INDEX stored_completions_owner ON stored_completions (user_id, project_id, id);
CREATE INDEX stored_completions_metadata ON stored_completions USING gin (metadata jsonb_path_ops);
