using System.Runtime.CompilerServices;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>MCP's TypeScript client and inspector, unchanged, against the gateway's <c>/mcp</c>: scenarios of <c>mcp-node/scenarios.mjs</c>.</summary>
[Collection(SharedSystem.Name)]
public sealed class McpClientTests(JanServerSystem system, McpClientTests.Sdk sdk) : IClassFixture<McpClientTests.Sdk>
{
    [NpmTheory]
    [InlineData("list")]
    [InlineData("callAll")]
    [InlineData("unknownTool")]
    [InlineData("unauthorized")]
    [InlineData("bare")]
    [InlineData("inspector")]
    public async Task Mcp_clients_work_unchanged(string scenario) =>
        Assert.Contains(
            $"ok {scenario}",
            await sdk.RunScenarioAsync(scenario, new(system.Gateway, "/mcp"), await system.ApiKeyAsync()),
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
                _project = await NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "mcp-node"));
            }
        }

        public Task DisposeAsync()
        {
            _project?.Dispose();
            return Task.CompletedTask;
        }

        public Task<string> RunScenarioAsync(string scenario, Uri server, string apiKey) =>
            _project!.RunScriptAsync("scenarios.mjs", [scenario], ("JAN_MCP_URL", server.ToString()), ("JAN_API_KEY", apiKey));

        private static string Here([CallerFilePath] string path = "") => path;
    }
}
