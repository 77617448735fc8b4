-- Prices, hourly sums and open exchanges of the usage ledger. The id of a usage record is made when its request begins, so that ids
-- sort as created_at does: a range of time is a range of ids, and the same id says which open exchange a record ends.

ALTER TABLE usage_records
    -- In millionths of a dollar, at the price of the moment; null where no price was known.
    ADD COLUMN cost_micro_usd  bigint,
    ADD COLUMN conversation_id uuid,
    ADD COLUMN images          integer NOT NULL DEFAULT 0;

DROP INDEX usage_records_organization;
DROP INDEX usage_records_user;
CREATE INDEX usage_records_organization ON usage_records (organization_id, id);
CREATE INDEX usage_records_user ON usage_records (user_id, id);
CREATE INDEX usage_records_conversation ON usage_records (conversation_id, id) WHERE conversation_id IS NOT NULL;

-- What usage_records add up to, by hours of UTC. Changed in the transaction that inserts the records, and only by rows that were
-- inserted. No index holds a column that changes, so that updates stay within the page.
CREATE TABLE usage_hours (
    bucket           timestamptz NOT NULL,
    organization_id  uuid        NOT NULL,
    project_id       uuid        NOT NULL,
    user_id          uuid        NOT NULL,
    api_key_id       uuid,
    model            text        NOT NULL,
    provider         text,
    operation        text        NOT NULL,
    requests         bigint      NOT NULL,
    failures         bigint      NOT NULL,
    -- Requests without a known price: cost_micro_usd is without them.
    unpriced         bigint      NOT NULL,
    input_tokens     bigint      NOT NULL,
    cached_tokens    bigint      NOT NULL,
    output_tokens    bigint      NOT NULL,
    reasoning_tokens bigint      NOT NULL,
    images           bigint      NOT NULL,
    cost_micro_usd   bigint      NOT NULL,
    CONSTRAINT usage_hours_key UNIQUE NULLS NOT DISTINCT
        (organization_id, bucket, user_id, project_id, api_key_id, model, provider, operation)
) WITH (fillfactor = 70);

CREATE INDEX usage_hours_user ON usage_hours (user_id, bucket);
CREATE INDEX usage_hours_bucket ON usage_hours (bucket);

-- What was recorded before there were sums.
INSERT INTO usage_hours
SELECT date_trunc('hour', created_at, 'UTC'), organization_id, project_id, user_id, api_key_id, model, provider, operation,
    count(*), count(*) FILTER (WHERE status = 'failed'), count(*), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens),
    sum(reasoning_tokens), 0, 0
FROM usage_records
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

-- Replicas of this service. seen_at is the database's clock; each replica moves its own while it lives.
CREATE TABLE replicas (
    id         uuid        PRIMARY KEY,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);

-- Streams that are being answered. The row goes when the usage record of the same id is written; where the replica is gone,
-- the record is written from this row.
CREATE TABLE open_exchanges (
    id              uuid        PRIMARY KEY,
    replica_id      uuid        NOT NULL,
    created_at      timestamptz NOT NULL,
    user_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    project_id      uuid        NOT NULL,
    api_key_id      uuid,
    conversation_id uuid,
    request_id      text        NOT NULL,
    operation       text        NOT NULL,
    model           text        NOT NULL,
    provider        text,
    upstream_model  text,
    first_token_ms  integer,
    -- How many pieces of the answer were relayed when the replica last said so.
    pieces          integer     NOT NULL DEFAULT 0
);

CREATE INDEX open_exchanges_replica ON open_exchanges (replica_id, id);
