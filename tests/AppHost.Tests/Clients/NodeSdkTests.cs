using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>The official OpenAI SDK for JavaScript, unchanged, against the gateway.</summary>
[Collection(SharedSystem.Name)]
public sealed class NodeSdkTests(JanServerSystem system, NodeSdk node) : IClassFixture<NodeSdk>
{
    [NpmTheory]
    [InlineData("models")]
    [InlineData("chat")]
    [InlineData("stream")]
    [InlineData("streamWithoutUsage")]
    [InlineData("tools")]
    [InlineData("streamedTools")]
    [InlineData("structured")]
    [InlineData("abort")]
    [InlineData("embeddings")]
    [InlineData("completions")]
    [InlineData("storedCompletions")]
    [InlineData("conversations")]
    [InlineData("images")]
    [InlineData("usage")]
    [InlineData("badRequest")]
    [InlineData("unauthorized")]
    [InlineData("notFound")]
    [InlineData("rateLimited")]
    public async Task The_javascript_sdk_works_unchanged(string scenario) =>
        Assert.Contains(
            $"ok {scenario}",
            await node.RunScenarioAsync(scenario, new(system.Gateway, "/v1"), await system.ApiKeyAsync()),
            StringComparison.Ordinal);
}
