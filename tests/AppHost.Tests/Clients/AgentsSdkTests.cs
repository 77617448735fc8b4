using System.Runtime.CompilerServices;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>The OpenAI agents SDK, and the Responses API of the OpenAI SDK for JavaScript, unchanged, against the gateway.</summary>
[Collection(SharedSystem.Name)]
public sealed class AgentsSdkTests(JanServerSystem system, AgentsSdkTests.Sdk sdk) : IClassFixture<AgentsSdkTests.Sdk>
{
    [NpmTheory]
    [InlineData("functions")]
    [InlineData("typed")]
    [InlineData("handoffAndStream")]
    [InlineData("hosted")]
    [InlineData("hostedMcp")]
    public Task Agents_run_unchanged(string scenario) => RunAsync("agents.mjs", scenario);

    [NpmTheory]
    [InlineData("create")]
    [InlineData("parse")]
    [InlineData("parsedTools")]
    [InlineData("tools")]
    [InlineData("stream")]
    [InlineData("streamedTools")]
    [InlineData("abort")]
    [InlineData("conversation")]
    [InlineData("background")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("inputItems")]
    [InlineData("inputTokens")]
    [InlineData("remove")]
    [InlineData("webSearch")]
    [InlineData("codeInterpreter")]
    [InlineData("approvals")]
    [InlineData("badRequest")]
    public Task Responses_of_the_javascript_sdk_work_unchanged(string scenario) => RunAsync("responses.mjs", scenario);

    private async Task RunAsync(string script, string scenario) =>
        Assert.Contains(
            $"ok {scenario}",
            await sdk.RunScenarioAsync(script, scenario, new(system.Gateway, "/v1"), await system.ApiKeyAsync()),
            StringComparison.Ordinal);

    /// <summary>Runs the scenarios of <c>agents-node</c>.</summary>
    public sealed class Sdk : IAsyncLifetime
    {
        private NodeProject? _project;

        public async Task InitializeAsync()
        {
            // Without npm the tests are skipped and say so.
            if (ProgramOnPath.Find("npm") is not null)
            {
                _project = await NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "agents-node"));
            }
        }

        public Task DisposeAsync()
        {
            _project?.Dispose();
            return Task.CompletedTask;
        }

        public Task<string> RunScenarioAsync(string script, string scenario, Uri baseUrl, string apiKey) =>
            _project!.RunScriptAsync(script, [scenario], ("JAN_BASE_URL", baseUrl.ToString()), ("JAN_API_KEY", apiKey));

        private static string Here([CallerFilePath] string path = "") => path;
    }
}
