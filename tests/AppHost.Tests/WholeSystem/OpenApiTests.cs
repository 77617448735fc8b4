using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary>
/// The services' API documents are committed, so that a change of the API is seen in review. After an intended change run these
/// tests once with <c>JANSERVER_WRITE_OPENAPI=1</c>.
/// </summary>
[Collection(SharedSystem.Name)]
public sealed class OpenApiTests(JanServerSystem system)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("llm-api")]
    [InlineData("accounts")]
    [InlineData("media-api")]
    [InlineData("mcp-tools")]
    [InlineData("response-api")]
    public async Task The_committed_document_is_what_the_service_says(string service)
    {
        using var client = system.Application.CreateHttpClient(service);
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!.AsObject();

        // Where this run happens to listen is no part of the API.
        document.Remove("servers");
        var current = document.ToJsonString(Readable) + "\n";
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "openapi", $"{service}.json");
        if (Environment.GetEnvironmentVariable("JANSERVER_WRITE_OPENAPI") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, current);
        }

        Assert.True(File.Exists(path), $"docs/openapi/{service}.json is missing: run this test with JANSERVER_WRITE_OPENAPI=1.");
        Assert.Equal(await File.ReadAllTextAsync(path), current);
    }

    [Fact]
    public async Task The_gateway_describes_all_public_routes_in_one_document()
    {
        using var client = system.Client();
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/swagger/doc.json", UriKind.Relative)))!;
        var paths = document["paths"]!.AsObject().Select(path => path.Key).ToList();

        Assert.Contains("/v1/chat/completions", paths);
        Assert.Contains("/auth/api-keys", paths);
        Assert.Contains("/v1/responses", paths);
        Assert.Contains("/v1/mcp/servers", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("/internal", StringComparison.Ordinal));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
