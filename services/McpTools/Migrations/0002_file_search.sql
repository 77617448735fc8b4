-- Documents that users have put into the search index. Each belongs to a user in a project.
CREATE TABLE documents (
    id          uuid        PRIMARY KEY,
    user_id     uuid        NOT NULL,
    project_id  uuid        NOT NULL,
    -- What its owner calls it.
    document_id text        NOT NULL,
    metadata    jsonb       NOT NULL DEFAULT '{}',
    tags        text[]      NOT NULL DEFAULT '{}',
    characters  integer     NOT NULL,
    token_count integer     NOT NULL,
    chunk_count integer     NOT NULL,
    indexed_at  timestamptz NOT NULL,
    CONSTRAINT documents_name UNIQUE (user_id, project_id, document_id)
);

-- Passages of documents, as they are found.
CREATE TABLE document_chunks (
    document        uuid     NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal         integer  NOT NULL,
    user_id         uuid     NOT NULL,
    project_id      uuid     NOT NULL,
    text            text     NOT NULL,
    -- The words as the service tells them apart, because PostgreSQL's parser does not know scripts without spaces.
    terms           tsvector NOT NULL,
    -- The model of the vector, and its float32 numbers, little endian, of length 1. Null when no model could be asked.
    embedding_model text,
    embedding       bytea,
    PRIMARY KEY (document, ordinal)
);

CREATE INDEX document_chunks_owner ON document_chunks (user_id, project_id);
CREATE INDEX document_chunks_terms ON document_chunks USING gin (terms);
