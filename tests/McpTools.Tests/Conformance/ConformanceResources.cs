using JanServer.McpTools.Resources;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Conformance;

/// <summary>The resources that the suite reads.</summary>
internal sealed class ConformanceResources : IResourceSource
{
    private const string TemplatePrefix = "test://template/";
    private const string TemplateSuffix = "/data";

    public ValueTask<IReadOnlyList<Resource>> ListAsync(Caller caller, CancellationToken ct) => new(
    [
        new() { Uri = "test://static-text", Name = "static-text", Description = "A text.", MimeType = "text/plain" },
        new() { Uri = "test://static-binary", Name = "static-binary", Description = "A picture.", MimeType = "image/png" },
        new() { Uri = "test://watched-resource", Name = "watched-resource", Description = "Changes.", MimeType = "text/plain" },
    ]);

    public ValueTask<IReadOnlyList<ResourceTemplate>> ListTemplatesAsync(Caller caller, CancellationToken ct) => new(
    [
        new() { UriTemplate = "test://template/{id}/data", Name = "template", Description = "Data by id.", MimeType = "application/json" },
    ]);

    public ValueTask<ReadResourceResult?> ReadAsync(Caller caller, string uri, CancellationToken ct) => new(uri switch
    {
        "test://static-text" => Text(uri, "text/plain", "This is the content of the static text resource."),
        "test://watched-resource" => Text(uri, "text/plain", "Watched."),
        "test://static-binary" => new() { Contents = [BlobResourceContents.FromBytes(Samples.Png, uri, "image/png")] },
        _ when uri.StartsWith(TemplatePrefix, StringComparison.Ordinal) && uri.EndsWith(TemplateSuffix, StringComparison.Ordinal) => Templated(uri),
        _ => null,
    });

    public ValueTask<IReadOnlyList<string>?> CompleteAsync(Caller caller, string template, string argument, string value, CancellationToken ct) =>
        new(template == "test://template/{id}/data" ? ["123"] : null);

    private static ReadResourceResult Templated(string uri)
    {
        var id = uri[TemplatePrefix.Length..^TemplateSuffix.Length];
        return Text(uri, "application/json", $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""");
    }

    private static ReadResourceResult Text(string uri, string type, string text) =>
        new() { Contents = [new TextResourceContents { Uri = uri, MimeType = type, Text = text }] };
}
