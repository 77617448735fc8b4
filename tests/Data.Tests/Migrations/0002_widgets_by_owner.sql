-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_widgets_owner_id ON widgets (owner_id, id);
