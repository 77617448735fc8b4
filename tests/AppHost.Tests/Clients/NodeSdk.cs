using System.Runtime.CompilerServices;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>Runs the scenarios of <c>openai-node/scenarios.mjs</c>.</summary>
public sealed class NodeSdk : IAsyncLifetime
{
    private NodeProject? _project;

    public async Task InitializeAsync()
    {
        // Without npm the tests are skipped and say so.
        if (ProgramOnPath.Find("npm") is not null)
        {
            _project = await NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "openai-node"));
        }
    }

    public Task DisposeAsync()
    {
        _project?.Dispose();
        return Task.CompletedTask;
    }

    public Task<string> RunScenarioAsync(string scenario, Uri baseUrl, string apiKey) =>
        _project!.RunScriptAsync("scenarios.mjs", [scenario], ("JAN_BASE_URL", baseUrl.ToString()), ("JAN_API_KEY", apiKey));

    private static string Here([CallerFilePath] string path = "") => path;
}
