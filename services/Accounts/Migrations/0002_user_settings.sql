-- What users have chosen, and nothing of what they have not: defaults are the code's, so that they can change.
CREATE TABLE user_settings (
    user_id         uuid        PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- json, not jsonb: it is only read as a whole, and clients find their preferences in the order in which they wrote them.
    settings        json        NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
