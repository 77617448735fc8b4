using JanServer.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Values that every installation has of its own: supplied as Parameters__<name>, else generated once and kept.
var postgresPassword = builder.AddSecret("postgres-password", 32);
var redisPassword = builder.AddSecret("redis-password", 32);
var keycloakAdminPassword = builder.AddSecret("keycloak-admin-password", 24);
var backendClientSecret = builder.AddSecret("backend-client-secret", 32);
var callerTokenKey = builder.AddSecret("caller-token-key", 64)
    .WithDescription("Signs what services tell each other about a caller. Base64, 32 bytes or more.");
var providerKey = builder.AddSecret("provider-encryption-key", 64)
    .WithDescription("Encrypts the keys of model providers. Base64, 32 bytes or more.");
var toolEncryptionKey = builder.AddSecret("tool-encryption-key", 64)
    .WithDescription("Encrypts what external MCP servers are reached with: headers and tokens. Base64, 32 bytes or more.");
var webhookKey = builder.AddSecret("webhook-encryption-key", 64)
    .WithDescription("Encrypts the secrets that webhooks are signed with. Base64, 32 bytes or more.");
var mediaSigningKey = builder.AddSecret("media-signing-key", 64)
    .WithDescription("Signs links to stored files. Base64, 32 bytes or more.");
var minioPassword = builder.AddSecret("minio-password", 32);
var searxngSecret = builder.AddSecret("searxng-secret", 32);
var livekitSecret = builder.AddSecret("livekit-secret", 48);
var grafanaPassword = builder.AddSecret("grafana-password", 24);

// Telemetry
var jaeger = builder.AddContainer("jaeger", "jaegertracing/jaeger", "2.11.0")
    .WithImageRegistry("docker.io")
    .WithEndpoint(targetPort: 4317, name: "otlp")
    .WithHttpEndpoint(port: builder.Port("jaeger", 16686), targetPort: 16686);

var collector = builder.AddContainer("otel-collector", "otel/opentelemetry-collector-contrib", "0.139.0")
    .WithImageRegistry("docker.io")
    .WithBindMount("../deploy/monitoring/otel-collector.yaml", "/etc/otelcol-contrib/config.yaml", isReadOnly: true)
    .WithEnvironment("JAEGER_OTLP", jaeger.GetEndpoint("otlp").Property(EndpointProperty.HostAndPort))
    .WithHttpEndpoint(port: builder.Port("otel-collector", 4318), targetPort: 4318, name: "otlp-http")
    .WithHttpEndpoint(targetPort: 8889, name: "metrics")
    .WithHttpEndpoint(targetPort: 13133, name: "health")
    .WithHttpHealthCheck("/", endpointName: "health");

var prometheus = builder.AddContainer("prometheus", "prom/prometheus", "v3.7.3")
    .WithImageRegistry("docker.io")
    .WithBindMount("../deploy/monitoring/prometheus.yml", "/etc/prometheus/prometheus.yml", isReadOnly: true)
    .WithVolume("janserver-prometheus", "/prometheus")
    .WithHttpEndpoint(port: builder.Port("prometheus", 9090), targetPort: 9090)
    .WithHttpHealthCheck("/-/ready")
    .WaitFor(collector);

builder.AddContainer("grafana", "grafana/grafana", "12.2.1")
    .WithImageRegistry("docker.io")
    .WithBindMount("../deploy/monitoring/grafana", "/etc/grafana/provisioning", isReadOnly: true)
    .WithVolume("janserver-grafana", "/var/lib/grafana")
    .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", grafanaPassword)
    .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))
    .WithEnvironment("JAEGER_URL", jaeger.GetEndpoint("http"))
    .WithHttpEndpoint(port: builder.Port("grafana", 3000), targetPort: 3000)
    .WithHttpHealthCheck("/api/health");

// Stores
var postgres = builder.AddPostgres("postgres", password: postgresPassword)
    .WithImage("pgvector/pgvector", "pg17")
    .WithDataVolume("janserver-postgres");
var database = postgres.AddDatabase("jan");
var redis = builder.AddRedis("redis", port: null, password: redisPassword);

builder.AddContainer("minio", "minio/minio", "RELEASE.2025-09-07T16-13-09Z")
    .WithImageRegistry("quay.io")
    .WithArgs("server", "/data", "--console-address", ":9001")
    .WithVolume("janserver-minio", "/data")
    .WithEnvironment("MINIO_ROOT_USER", "janserver")
    .WithEnvironment("MINIO_ROOT_PASSWORD", minioPassword)
    .WithHttpEndpoint(port: builder.Port("minio", 9000), targetPort: 9000)
    .WithHttpEndpoint(port: builder.Port("minio-console", 9001), targetPort: 9001, name: "console")
    .WithHttpHealthCheck("/minio/health/live");

// Models
var vllm = builder.AddContainer("vllm", "vllm/vllm-openai", "v0.11.0")
    .WithImageRegistry("docker.io")
    .WithArgs("--model", "janhq/Jan-v1-4B", "--served-model-name", "jan-v1-4b", "--max-model-len", "32768")
    .WithArgs("--enable-auto-tool-choice", "--tool-call-parser", "hermes", "--reasoning-parser", "qwen3")
    .WithContainerRuntimeArgs("--gpus", "all", "--ipc", "host")
    .WithVolume("janserver-models", "/root/.cache/huggingface")
    .WithHttpEndpoint(port: builder.Port("inference", 8101), targetPort: 8000)
    .WithHttpHealthCheck("/health");

builder.AddContainer("bge-m3", "huggingface/text-embeddings-inference", "cpu-1.8")
    .WithImageRegistry("ghcr.io")
    .WithArgs("--model-id", "BAAI/bge-m3", "--port", "8080")
    .WithVolume("janserver-embeddings", "/data")
    .WithHttpEndpoint(port: builder.Port("bge-m3", 8102), targetPort: 8080)
    .WithHttpHealthCheck("/health");

// Tools and rooms
var searxng = builder.AddContainer("searxng", "searxng/searxng", "latest")
    .WithImageRegistry("docker.io")
    .WithBindMount("../deploy/searxng/settings.yml", "/etc/searxng/settings.yml", isReadOnly: true)
    .WithEnvironment("SEARXNG_SECRET", searxngSecret)
    .WithHttpEndpoint(port: builder.Port("searxng", 8086), targetPort: 8080)
    .WithHttpHealthCheck("/healthz");

var sandboxfusion = builder.AddContainer("sandboxfusion", "volcengine/sandbox-fusion", "server-20250609")
    .WithImageRegistry("docker.io")
    .WithHttpEndpoint(port: builder.Port("sandboxfusion", 8088), targetPort: 8080)
    .WithHttpHealthCheck("/v1/ping");

builder.AddContainer("livekit", "livekit/livekit-server", "v1.9")
    .WithImageRegistry("docker.io")
    .WithArgs("--bind", "0.0.0.0")
    .WithEnvironment("LIVEKIT_KEYS", $"janserver: {livekitSecret}")
    .WithHttpEndpoint(port: builder.Port("livekit", 7880), targetPort: 7880)
    .WithEndpoint(port: builder.Port("livekit-rtc", 7881), targetPort: 7881, name: "rtc")
    .WithHttpHealthCheck("/");

// Who is who: tokens are issued for realm jan
var keycloak = builder.AddKeycloak("keycloak", builder.Port("identity", 8085), adminPassword: keycloakAdminPassword)
    .WithImage("keycloak/keycloak", "26.4")
    .WithRealmImport("../deploy/keycloak")
    .WithDataVolume("janserver-keycloak")
    .WithEnvironment("BACKEND_CLIENT_SECRET", backendClientSecret)
    .WithEnvironment("KC_HTTP_ENABLED", "true")
    .WithEnvironment("KC_HOSTNAME_STRICT", "false")
    .WithEnvironment("KC_PROXY_HEADERS", "xforwarded");

// Services: a schema and a login role for each, then the processes
var databaseSetup = builder.AddProject<Projects.JanServer_DatabaseSetup>("database-setup", launchProfileName: null)
    .WithReference(database)
    .WaitFor(database);
var accountsDb = builder.AddSchema("accountsdb", "accounts", database, databaseSetup);
var mediaDb = builder.AddSchema("mediadb", "media_api", database, databaseSetup);
var llmDb = builder.AddSchema("llmdb", "llm_api", database, databaseSetup);
var mcpToolsDb = builder.AddSchema("mcptoolsdb", "mcp_tools", database, databaseSetup);
var responseDb = builder.AddSchema("responsedb", "response_api", database, databaseSetup);

var accounts = builder.AddProject<Projects.JanServer_Accounts>("accounts", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("accounts", 8180))
    .WithHttpHealthCheck("/readyz")
    .WithReference(accountsDb)
    .WithReference(redis, optional: true)
    .WithCallers(keycloak, callerTokenKey)
    .WithTelemetry(collector)
    .WithEnvironment("Keycloak__BaseUrl", keycloak.GetEndpoint("http"))
    .WithEnvironment("Keycloak__Realm", "jan")
    .WithEnvironment("Keycloak__ClientId", "jan-client")
    .WithEnvironment("Keycloak__BackendClientId", "backend")
    .WithEnvironment("Keycloak__BackendClientSecret", backendClientSecret)
    .WithEnvironment("Keycloak__AdminUsername", "admin")
    .WithEnvironment("Keycloak__AdminPassword", keycloakAdminPassword)
    .WaitForCompletion(databaseSetup)
    .WaitFor(keycloak)
    .WaitFor(redis);

var mediaApi = builder.AddProject<Projects.JanServer_MediaApi>("media-api", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("media-api", 8285))
    .WithHttpHealthCheck("/readyz")
    .WithReference(mediaDb)
    .WithReference(accounts)
    .WithCallers(keycloak, callerTokenKey)
    .WithTelemetry(collector)
    .WithEnvironment("Media__SigningKey", mediaSigningKey)
    .WithEnvironment("Media__Path", builder.MediaFolder())
    .WaitForCompletion(databaseSetup);

var llmApi = builder.AddProject<Projects.JanServer_LlmApi>("llm-api", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("llm-api", 8080))
    .WithHttpHealthCheck("/readyz")
    .WithReference(llmDb)
    .WithReference(redis, optional: true)
    .WithReference(accounts)
    .WithReference(mediaApi)
    .WithCallers(keycloak, callerTokenKey)
    .WithTelemetry(collector)
    .WithEnvironment("Providers__Encryption__Key", providerKey)
    .WithEnvironment("services__inference__http__0", vllm.GetEndpoint("http"))
    .WaitForCompletion(databaseSetup)
    .WaitFor(redis);

var mcpTools = builder.AddProject<Projects.JanServer_McpTools>("mcp-tools", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("mcp-tools", 8091))
    .WithHttpHealthCheck("/readyz")
    .WithReference(mcpToolsDb)
    .WithReference(redis, optional: true)
    .WithReference(accounts)
    .WithReference(llmApi)
    .WithReference(mediaApi)
    .WithCallers(keycloak, callerTokenKey)
    .WithTelemetry(collector)
    .WithEnvironment("ExternalServers__Encryption__Key", toolEncryptionKey)
    .WithEnvironment("services__sandboxfusion__http__0", sandboxfusion.GetEndpoint("http"))
    .WithEnvironment("services__searxng__http__0", searxng.GetEndpoint("http"))
    .WaitForCompletion(databaseSetup)
    .WaitFor(llmApi);

var responseApi = builder.AddProject<Projects.JanServer_ResponseApi>("response-api", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("response-api", 8082))
    .WithHttpHealthCheck("/readyz")
    .WithReference(responseDb)
    .WithReference(accounts)
    .WithReference(llmApi)
    .WithReference(mediaApi)
    .WithReference(mcpTools)
    .WithCallers(keycloak, callerTokenKey)
    .WithTelemetry(collector)
    .WithEnvironment("Webhooks__Encryption__Key", webhookKey)
    .WaitForCompletion(databaseSetup)
    .WaitFor(llmApi)
    .WaitFor(mcpTools);

var gateway = builder.AddProject<Projects.JanServer_Gateway>("gateway", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("gateway", 8000))
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/readyz")
    .WithReference(accounts)
    .WithReference(llmApi)
    .WithReference(mediaApi)
    .WithReference(mcpTools)
    .WithReference(responseApi)
    .WithReference(redis, optional: true)
    .WithCallers(keycloak, callerTokenKey)
    .WithTelemetry(collector)
    .WaitFor(accounts)
    .WaitFor(llmApi)
    .WaitFor(mediaApi)
    .WaitFor(mcpTools)
    .WaitFor(responseApi)
    .WaitFor(redis);

mediaApi.WithPublicUrl("Media__PublicUrl", gateway);
mcpTools.WithPublicUrl("McpServer__PublicUrl", gateway).WithPublicUrl("ExternalServers__PublicUrl", gateway);
gateway.WithPublicUrl("Gateway__PublicUrl", gateway);

#if !ASPIRE_OFFICIAL
builder.AddLocalStandIns(new(keycloak, vllm, sandboxfusion, searxng, mcpTools, database, databaseSetup, llmApi, callerTokenKey, keycloakAdminPassword, backendClientSecret));
#endif

gateway.WithWelcome();

builder.Build().Run();
