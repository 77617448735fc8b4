-- What administrators know and decide about models, where providers are reached, and who keeps all of it current.

ALTER TABLE providers
    -- Whose API it is, such as openai or openrouter. Its models then get normalized public ids; without a vendor they keep their own.
    ADD COLUMN vendor                          text,
    ADD COLUMN category                        text    NOT NULL DEFAULT 'llm' CHECK (category IN ('llm', 'image')),
    ADD COLUMN load_balancing                  text    NOT NULL DEFAULT 'weighted' CHECK (load_balancing IN ('weighted', 'least_loaded')),
    ADD COLUMN api_version                     text,
    -- The provider's own ids to offer; null to ask it.
    ADD COLUMN models                          text[],
    ADD COLUMN default_provider_image_generate boolean NOT NULL DEFAULT false,
    ADD COLUMN default_provider_image_edit     boolean NOT NULL DEFAULT false,
    ADD COLUMN metadata                        jsonb   NOT NULL DEFAULT '{}';

CREATE UNIQUE INDEX providers_default_image_generate ON providers (default_provider_image_generate) WHERE default_provider_image_generate;
CREATE UNIQUE INDEX providers_default_image_edit ON providers (default_provider_image_edit) WHERE default_provider_image_edit;

-- A provider without rows here has the one endpoint of its base_url.
CREATE TABLE provider_endpoints (
    provider_id uuid    NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    url         text    NOT NULL,
    weight      integer NOT NULL CHECK (weight > 0),
    priority    integer NOT NULL,
    position    integer NOT NULL,
    PRIMARY KEY (provider_id, url)
);

CREATE TABLE model_catalogs (
    id                    uuid        PRIMARY KEY,
    public_id             text        NOT NULL CHECK (public_id <> ''),
    display_name          text,
    description           text,
    supported_parameters  jsonb       NOT NULL,
    architecture          jsonb       NOT NULL,
    tags                  text[],
    notes                 text,
    context_length        integer     CHECK (context_length > 0),
    is_moderated          boolean,
    active                boolean     NOT NULL,
    -- init: nobody has said much; filled: a provider has; updated: an administrator has, and the sync leaves it alone.
    status                text        NOT NULL CHECK (status IN ('init', 'filled', 'updated')),
    extras                jsonb,
    family                text,
    experimental          boolean     NOT NULL DEFAULT false,
    requires_feature_flag text,
    -- Bits of ModelFeatures.
    features              integer     NOT NULL DEFAULT 0,
    reasoning_format      text        CHECK (reasoning_format IN ('think_tags', 'reasoning_content', 'none')),
    last_synced_at        timestamptz,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    CONSTRAINT model_catalogs_public_id UNIQUE (public_id)
);

CREATE TABLE provider_models (
    id                         uuid        PRIMARY KEY,
    -- db:prov_…, config:name, service:inference or engine:url. Only providers of the database have a row to refer to.
    provider_key               text        NOT NULL,
    provider_id                uuid        REFERENCES providers (id) ON DELETE CASCADE,
    catalog_id                 uuid        REFERENCES model_catalogs (id) ON DELETE SET NULL,
    model_public_id            text        NOT NULL CHECK (model_public_id <> ''),
    provider_original_model_id text        NOT NULL CHECK (provider_original_model_id <> ''),
    display_name               text,
    category                   text        NOT NULL DEFAULT '',
    -- Where its provider listed it the first time: its models are offered in the provider's order.
    position                   integer     NOT NULL DEFAULT 0,
    category_order_number      integer     NOT NULL DEFAULT 0,
    model_order_number         integer     NOT NULL DEFAULT 0,
    pricing                    jsonb       NOT NULL DEFAULT '[]',
    context_length             integer     CHECK (context_length > 0),
    max_completion_tokens      integer     CHECK (max_completion_tokens > 0),
    owned_by                   text,
    created                    bigint      NOT NULL DEFAULT 0,
    active                     boolean     NOT NULL,
    -- Whether an administrator has set the name, the prices or the limits, which the sync then leaves alone.
    edited                     boolean     NOT NULL DEFAULT false,
    -- Since when the provider does not list it any more.
    retired_at                 timestamptz,
    -- What the provider last said about it, so that a sync that finds nothing new writes nothing.
    listing_hash               text        NOT NULL DEFAULT '',
    instruct_model_id          uuid        REFERENCES provider_models (id) ON DELETE SET NULL,
    created_at                 timestamptz NOT NULL,
    updated_at                 timestamptz NOT NULL,
    CONSTRAINT provider_models_original UNIQUE (provider_key, provider_original_model_id),
    CONSTRAINT provider_models_provider CHECK ((provider_id IS NOT NULL) = (provider_key LIKE 'db:%'))
);

CREATE INDEX provider_models_provider_id ON provider_models (provider_id);
CREATE INDEX provider_models_catalog ON provider_models (catalog_id);
CREATE INDEX provider_models_instruct ON provider_models (instruct_model_id);
CREATE INDEX provider_models_public_id ON provider_models (model_public_id);

-- What the last look at an endpoint found. Written when it changes, by the replica that holds the lease.
CREATE TABLE endpoint_health (
    provider_key text        NOT NULL,
    url          text        NOT NULL,
    healthy      boolean     NOT NULL,
    problem      text,
    changed_at   timestamptz NOT NULL,
    PRIMARY KEY (provider_key, url)
);

CREATE TABLE provider_syncs (
    provider_key text        PRIMARY KEY,
    synced_at    timestamptz NOT NULL
);

-- One row. Every change of the tables above raises the version first, in its own transaction: changes are made one after the other, and
-- a replica sees in one read whether it has to load them.
CREATE TABLE catalogue_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint  NOT NULL
);

INSERT INTO catalogue_version (version) VALUES (1);

-- A replica of the version before this one, and a person with psql, raise it as well.
CREATE FUNCTION raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue_version SET version = version + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER providers_version AFTER INSERT OR UPDATE OR DELETE ON providers
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();
CREATE TRIGGER provider_endpoints_version AFTER INSERT OR UPDATE OR DELETE ON provider_endpoints
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();
CREATE TRIGGER model_catalogs_version AFTER INSERT OR UPDATE OR DELETE ON model_catalogs
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();
CREATE TRIGGER provider_models_version AFTER INSERT OR UPDATE OR DELETE ON provider_models
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();
CREATE TRIGGER endpoint_health_version AFTER INSERT OR UPDATE OR DELETE ON endpoint_health
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_version();

-- Which replica does what only one should do. A lease that is not renewed is anyone's.
CREATE TABLE leases (
    name       text        PRIMARY KEY,
    holder     uuid        NOT NULL,
    expires_at timestamptz NOT NULL
);
