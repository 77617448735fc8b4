CREATE TABLE widgets (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL,
    display_name text NOT NULL,
    parent_id uuid,
    created_at timestamptz NOT NULL
);
