-- Shares of conversations, and the administration of MCP tools.

-- A share shows what a conversation was when it was shared: the snapshot is a copy, and later messages are not in it.
CREATE TABLE conversation_shares (
    id               uuid        PRIMARY KEY,
    slug             text        NOT NULL,
    conversation_id  uuid        NOT NULL REFERENCES conversations ON DELETE CASCADE,
    user_id          uuid        NOT NULL,
    organization_id  uuid        NOT NULL,
    project_id       uuid        NOT NULL,
    -- The one item that is shared; null for the whole conversation. It may be gone by now.
    item_id          uuid,
    title            text,
    snapshot         json        NOT NULL,
    snapshot_version integer     NOT NULL,
    include_images   boolean     NOT NULL,
    include_context  boolean     NOT NULL,
    include_reasoning boolean    NOT NULL,
    view_count       bigint      NOT NULL DEFAULT 0,
    last_viewed_at   timestamptz,
    expires_at       timestamptz,
    revoked_at       timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT conversation_shares_slug UNIQUE (slug)
);

CREATE INDEX conversation_shares_owner ON conversation_shares (user_id, project_id, id DESC);
CREATE INDEX conversation_shares_conversation ON conversation_shares (conversation_id, id DESC);

-- What administrators say about the tools that mcp-tools has. Tools come and go with the program, so there is no route that adds one.
CREATE TABLE mcp_tools (
    tool_key            text        PRIMARY KEY,
    public_id           text        NOT NULL,
    name                text        NOT NULL,
    description         text        NOT NULL,
    category            text        NOT NULL,
    is_active           boolean     NOT NULL DEFAULT true,
    metadata            json,
    disallowed_keywords text[]      NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    -- The administrator who changed it last.
    updated_by          uuid,
    CONSTRAINT mcp_tools_public_id UNIQUE (public_id)
);

INSERT INTO mcp_tools (tool_key, public_id, name, category, description) VALUES
    ('google_search', 'mcp_google_search_001', 'Web search', 'search',
     'Searches the web and returns results with titles, addresses and snippets, to be cited.'),
    ('scrape', 'mcp_scrape_001', 'Read a web page', 'scrape',
     'Fetches a web page and returns its text, for pages found by a search or named by the user.'),
    ('file_search_index', 'mcp_file_search_index_001', 'Index a document', 'file_search',
     'Adds a text to the search index, so that it can be found by meaning later.'),
    ('file_search_query', 'mcp_file_search_query_001', 'Search documents', 'file_search',
     'Finds passages of indexed documents by meaning.'),
    ('generate_image', 'mcp_generate_image_001', 'Generate an image', 'image_generation',
     'Makes an image from a description.'),
    ('edit_image', 'mcp_edit_image_001', 'Edit an image', 'image_edit',
     'Changes an image as described.');
