-- Conversations of a user within an organization's project. Items are stored once; branches order them, so that an edit forks a
-- conversation without copying what is said in it and items keep their ids.

-- Folders of conversations: "projects" on the wire, and nothing but the name in common with an organization's project (project_id).
CREATE TABLE conversation_projects (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    name            text        NOT NULL,
    instruction     text,
    is_favorite     boolean     NOT NULL DEFAULT false,
    archived_at     timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT conversation_projects_name UNIQUE (user_id, project_id, name)
);

CREATE INDEX conversation_projects_owner ON conversation_projects (user_id, project_id, updated_at DESC, id DESC);

CREATE TABLE conversations (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    folder_id       uuid        REFERENCES conversation_projects ON DELETE SET NULL,
    title           text,
    -- The user chose the title: none is generated.
    title_locked    boolean     NOT NULL DEFAULT false,
    -- The server made the title, so it may make a better one.
    title_generated boolean     NOT NULL DEFAULT false,
    metadata        jsonb       NOT NULL DEFAULT '{}',
    referrer        text,
    -- The name of a branch; there is always one of that name.
    active_branch   text        NOT NULL DEFAULT 'MAIN',
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE INDEX conversations_owner ON conversations (user_id, project_id, updated_at DESC, id DESC);
CREATE INDEX conversations_folder ON conversations (folder_id, updated_at DESC, id DESC) WHERE folder_id IS NOT NULL;

CREATE TABLE conversation_branches (
    id                  uuid        PRIMARY KEY,
    conversation_id     uuid        NOT NULL REFERENCES conversations ON DELETE CASCADE,
    name                text        NOT NULL,
    description         text,
    parent_branch       text,
    forked_at           timestamptz,
    forked_from_item_id uuid,
    -- When an edit put this timeline aside; the oldest such branches are pruned.
    backed_up_at        timestamptz,
    item_count          integer     NOT NULL DEFAULT 0,
    -- Where the next item goes; a writer takes positions by raising it, which also makes writers of one branch take turns.
    next_position       bigint      NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT conversation_branches_name UNIQUE (conversation_id, name)
);

CREATE TABLE conversation_items (
    id                 uuid        PRIMARY KEY,
    conversation_id    uuid        NOT NULL REFERENCES conversations ON DELETE CASCADE,
    type               text        NOT NULL,
    role               text,
    status             text,
    -- The content parts. json keeps what was said as it came, also what jsonb refuses; nothing is looked up in it.
    content            json,
    call_id            text,
    name               text,
    server_label       text,
    arguments          text,
    output             text,
    error              text,
    incomplete_at      timestamptz,
    incomplete_details json,
    completed_at       timestamptz,
    rating             text        CHECK (rating IN ('like', 'unlike')),
    rated_at           timestamptz,
    rating_comment     text,
    -- The members that few types have: action, tools, commands, approve, reason and the like.
    extra              json,
    created_at         timestamptz NOT NULL
);

CREATE INDEX conversation_items_conversation ON conversation_items (conversation_id);
CREATE INDEX conversation_items_call ON conversation_items (conversation_id, call_id) WHERE call_id IS NOT NULL;

CREATE TABLE conversation_branch_items (
    branch_id uuid   NOT NULL REFERENCES conversation_branches ON DELETE CASCADE,
    position  bigint NOT NULL,
    item_id   uuid   NOT NULL REFERENCES conversation_items ON DELETE CASCADE,
    PRIMARY KEY (branch_id, position),
    CONSTRAINT conversation_branch_items_item UNIQUE (branch_id, item_id)
);

CREATE INDEX conversation_branch_items_by_item ON conversation_branch_items (item_id);
