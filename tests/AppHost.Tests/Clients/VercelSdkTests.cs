using System.Runtime.CompilerServices;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>The Vercel AI SDK, unchanged, against the gateway: scenarios of <c>vercel-ai/scenarios.mjs</c>.</summary>
[Collection(SharedSystem.Name)]
public sealed class VercelSdkTests(JanServerSystem system, VercelSdkTests.Sdk sdk) : IClassFixture<VercelSdkTests.Sdk>
{
    [NpmTheory]
    [InlineData("stream")]
    [InlineData("streamedTools")]
    [InlineData("tools")]
    [InlineData("refused")]
    public async Task The_vercel_ai_sdk_works_unchanged(string scenario) =>
        Assert.Contains(
            $"ok {scenario}",
            await sdk.RunScenarioAsync(scenario, new(system.Gateway, "/v1"), await system.ApiKeyAsync()),
            StringComparison.Ordinal);

    /// <summary>Runs the scenarios.</summary>
    public sealed class Sdk : IAsyncLifetime
    {
        private NodeProject? _project;

        public async Task InitializeAsync()
        {
            // Without npm the tests are skipped and say so.
            if (ProgramOnPath.Find("npm") is not null)
            {
                _project = await NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "vercel-ai"));
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
}
