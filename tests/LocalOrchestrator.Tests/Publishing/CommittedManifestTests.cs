using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Testing;

namespace JanServer.LocalOrchestrator.Tests.Publishing;

/// <summary>The manifest at the root of the repository.</summary>
public sealed class CommittedManifestTests
{
    private static readonly string File = Path.Combine(Root(), "aspire-manifest.json");

    [Fact]
    public async Task It_is_what_the_AppHost_publishes_now()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.JanServer_AppHost>(
            ["--publisher", "manifest", "--output-path", File]);
        var current = await ManifestPublisher.WriteAsync(builder.Resources, builder.ExecutionContext, Root(), CancellationToken.None);

        Assert.True(
            Encoding.UTF8.GetString(current) == await System.IO.File.ReadAllTextAsync(File),
            "aspire-manifest.json is stale. Write it anew: "
            + "dotnet run --project JanServer.AppHost -- --publisher manifest --output-path aspire-manifest.json");
    }

    [Fact]
    public async Task It_has_the_shapes_that_deployment_tools_read()
    {
        var resources = (JsonObject)JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File))!["resources"]!;

        Assert.All(resources, resource => ManifestSchema.Check(resource.Key, (JsonObject)resource.Value!, resources));
        Assert.DoesNotContain(resources, r => r.Key is "identity" or "inference");
    }

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
