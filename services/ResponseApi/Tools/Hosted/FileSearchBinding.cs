using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>A search of the caller's documents, shown as <c>file_search_call</c>.</summary>
internal sealed class FileSearchBinding(ToolSetBuilder set, FileSearch request, McpTool tool) : HostedBinding(
    set.Hosted,
    new(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema, "document_ids", "tags", "top_k", "metadata")),
    tool.Name)
{
    // What mcp-tools gives at most. Filters choose among these.
    private const int MostAsked = 20;

    private readonly bool _withResults = set.Includes(Includes.FileSearchResults);

    public override string ItemIdPrefix => "fs";

    protected override string CompletedEvent => "response.file_search_call.completed";

    protected override string? Refusal(HostedCall call) =>
        request.Tags.Count > 0 && !ModelSchema.Takes(tool.InputSchema, "tags") ? "Documents cannot be searched by tag on this server." : null;

    protected override async ValueTask AnnounceAsync(HostedCall call, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync("response.file_search_call.in_progress", null, ct);
        await output.EmitAsync("response.file_search_call.searching", null, ct);
    }

    protected override void Complete(HostedCall call, JsonObject arguments)
    {
        arguments.Remove("document_ids");
        arguments.Remove("tags");
        arguments.Remove("metadata");
        arguments["top_k"] = request.Filter is null && request.Threshold == 0 ? Math.Min(request.MaxResults, MostAsked) : MostAsked;
        var (name, ids) = request.Tags.Count > 0 ? ("tags", request.Tags) : ("document_ids", request.DocumentIds);
        arguments[name] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]);
    }

    protected override JsonElement Item(HostedCall call, string status, McpToolResult? result) => ItemJson.Build(json =>
    {
        json.WriteString("id", call.ItemId);
        json.WriteString("type", "file_search_call");
        json.WriteString("status", status);
        json.WriteStartArray("queries");
        json.WriteStringValue(call.Text("query"));
        json.WriteEndArray();
        if (_withResults && result is not null)
        {
            WriteResults(json, result, "attributes");
        }
        else
        {
            json.WriteNull("results");
        }
    });

    protected override string ModelText(HostedCall call, McpToolResult result) => ToolJson.Text(json => WriteResults(json, result, "metadata"));

    private void WriteResults(Utf8JsonWriter json, McpToolResult result, string attributesName)
    {
        json.WriteStartArray("results");
        foreach (var found in Wanted(result))
        {
            var id = found.Text("document_id") ?? "";
            json.WriteStartObject();
            json.WriteString("file_id", id);
            json.WriteString("filename", Attributes(found) is { } attributes && attributes.Text("filename") is { } name ? name : id);
            json.WriteNumber("score", Score(found));
            json.WriteString("text", found.Text("text") ?? found.Text("text_preview") ?? "");
            if (Attributes(found) is { } metadata)
            {
                json.WriteElement(attributesName, metadata);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private IEnumerable<JsonElement> Wanted(McpToolResult result) => (result.Structured?.Elements("results") ?? [])
        .Where(found => Score(found) >= request.Threshold && (request.Filter?.Matches(Attributes(found)) ?? true))
        .Take(request.MaxResults);

    private static double Score(JsonElement found) =>
        found.TryGetProperty("score", out var score) && score.ValueKind is JsonValueKind.Number ? score.GetDouble() : 0;

    private static JsonElement? Attributes(JsonElement found) =>
        found.TryGetProperty("metadata", out var metadata) && metadata.ValueKind is JsonValueKind.Object ? metadata : null;
}
