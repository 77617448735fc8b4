#if !ASPIRE_OFFICIAL
using Aspire.Hosting.Local;

namespace JanServer.AppHost;

/// <summary>What the stand-ins take the place of, and what they need.</summary>
internal sealed record Replaced(
    IResourceBuilder<KeycloakResource> Keycloak,
    IResourceBuilder<ContainerResource> Vllm,
    IResourceBuilder<ContainerResource> SandboxFusion,
    IResourceBuilder<ContainerResource> SearXng,
    IResourceBuilder<ProjectResource> McpTools,
    IResourceBuilder<PostgresDatabaseResource> Database,
    IResourceBuilder<ProjectResource> DatabaseSetup,
    IResourceBuilder<ProjectResource> LlmApi,
    IResourceBuilder<ParameterResource> CallerTokenKey,
    IResourceBuilder<ParameterResource> AdminPassword,
    IResourceBuilder<ParameterResource> BackendClientSecret);

/// <summary>Services of ours that do the work of containers on a machine that runs none. They are not part of what is published.</summary>
internal static class LocalStandIns
{
    private const string SearxProgram = "/usr/bin/searx-run";

    // The program itself takes its port from the settings file alone.
    private const string StartSearx =
        "import os; from searx import settings; settings['server']['port'] = int(os.environ['SEARX_PORT']); from searx.webapp import run; run()";

    public static void AddLocalStandIns(this IDistributedApplicationBuilder builder, Replaced replaced)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        builder.AddIdentity(replaced);
        builder.AddInference(replaced);
        builder.AddSandbox(replaced);
        builder.AddSearch(replaced);
    }

    private static void AddIdentity(this IDistributedApplicationBuilder builder, Replaced replaced)
    {
        var keyEncryptionKey = builder.AddSecret("identity-key-encryption-key", 64);
        var identityDb = builder.AddSchema("identitydb", "identity", replaced.Database, replaced.DatabaseSetup);
        var identity = builder.AddProject<Projects.JanServer_Identity>("identity", launchProfileName: null)
            .WithHttpEndpoint(port: builder.Port("identity", 8085))
            .WithHttpHealthCheck("/readyz")
            .WithReference(identityDb)
            .WithCallers(replaced.Keycloak, replaced.CallerTokenKey)
            .WithEnvironment("Identity__PublicUrl", replaced.Keycloak.GetEndpoint("http"))
            .WithEnvironment("Identity__KeyEncryptionKey", keyEncryptionKey)
            .WithEnvironment("Identity__Admin__Password", replaced.AdminPassword)
            .WithEnvironment("Identity__Clients__backend__Secret", replaced.BackendClientSecret)
            .WaitForCompletion(replaced.DatabaseSetup);
        replaced.Keycloak.WithLocalStandIn(identity);
    }

    private static void AddSandbox(this IDistributedApplicationBuilder builder, Replaced replaced)
    {
        var sandbox = builder.AddProject<Projects.JanServer_Sandbox>("sandbox", launchProfileName: null)
            .WithHttpEndpoint(port: builder.Port("sandbox", 8088))
            .WithHttpHealthCheck("/healthz")
            .WithEnvironment("CallerToken__Key", replaced.CallerTokenKey);
        replaced.SandboxFusion.WithLocalStandIn(sandbox);

        // Ours is told who calls, so that sessions have an owner. SandboxFusion is not: code that runs there could read the token.
        replaced.McpTools.WithEnvironment("McpTools__Python__ForwardCaller", "true");
    }

    /// <summary>Debian's searx, where it is installed, answers as SearXNG does. Where it is not there is no web search, and mcp-tools says so.</summary>
    private static void AddSearch(this IDistributedApplicationBuilder builder, Replaced replaced)
    {
        if (!File.Exists(SearxProgram))
        {
            return;
        }

        var searx = builder.AddExecutable("searx", "/usr/bin/python3", "../deploy/searxng", "-c", StartSearx)
            .WithHttpEndpoint(port: builder.Port("searxng", 8086), env: "SEARX_PORT")
            .WithHttpHealthCheck("/healthz")
            .WithEnvironment("SEARX_SETTINGS_PATH", Path.GetFullPath("../deploy/searxng/settings-debian.yml", builder.AppHostDirectory))
            .WithEnvironment("SEARX_SECRET", builder.AddSecret("searx-secret", 32));
        replaced.SearXng.WithLocalStandIn(searx);
    }

    private static void AddInference(this IDistributedApplicationBuilder builder, Replaced replaced)
    {
        var inference = builder.AddProject<Projects.JanServer_Inference>("inference", launchProfileName: null)
            .WithHttpEndpoint(port: builder.Port("inference", 8101))
            .WithHttpHealthCheck("/readyz")
            .WithCallers(replaced.Keycloak, replaced.CallerTokenKey);
        replaced.Vllm.WithLocalStandIn(inference);

        // It is up in a second, unlike a model that has to be loaded: the first chat finds it. Engines that someone runs on this
        // machine anyway (Ollama, LM Studio, Jan, ...) are found too, unless told otherwise.
        replaced.LlmApi
            .WithEnvironment("EngineDiscovery__Enabled", builder.Configuration["EngineDiscovery:Enabled"] ?? "true")
            .WaitFor(inference);
    }
}
#endif
