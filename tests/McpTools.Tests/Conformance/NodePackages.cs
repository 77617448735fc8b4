using System.Runtime.CompilerServices;
using JanServer.Testing.Requirements;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>The npm packages of <c>Node/</c>, installed once and only when a test runs that needs them.</summary>
[CollectionDefinition(Name)]
public sealed class NodePackages : ICollectionFixture<NodePackages>, IAsyncLifetime
{
    public const string Name = "npm";

    private readonly Lazy<Task<NodeProject>> _project = new(() => NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "Node")));

    public Task<NodeProject> GetAsync() => _project.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_project is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            (await _project.Value).Dispose();
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
