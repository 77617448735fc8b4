using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>A search, shown as <c>web_search_call</c> with the action <c>search</c>.</summary>
internal sealed class WebSearchBinding(ToolSetBuilder set, WebSearch request, McpTool tool) : HostedBinding(
    set.Hosted,
    new(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema, Decided(request))),
    tool.Name)
{
    private const int FewResults = 5;
    private const int ManyResults = 20;

    private readonly bool _withSources = set.Includes(Includes.WebSearchSources);
    private readonly bool _withResults = set.Includes(Includes.WebSearchResults);

    public override string ItemIdPrefix => "ws";

    protected override string CompletedEvent => "response.web_search_call.completed";

    protected override async ValueTask AnnounceAsync(HostedCall call, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync("response.web_search_call.in_progress", null, ct);
        await output.EmitAsync("response.web_search_call.searching", null, ct);
    }

    protected override void Complete(HostedCall call, JsonObject arguments)
    {
        if (request.AllowedDomains is { Count: > 0 } domains)
        {
            arguments["domain_allow_list"] = new JsonArray([.. domains.Select(domain => JsonValue.Create(domain))]);
        }

        Set(arguments, "gl", request.Country?.ToLowerInvariant());
        Set(arguments, "location_hint", request.Place);
        if (request.IsOffline)
        {
            arguments["offline_mode"] = true;
        }

        if (request.ContextSize is "low" or "high" && ModelSchema.Takes(tool.InputSchema, "num"))
        {
            arguments["num"] = request.ContextSize is "low" ? FewResults : ManyResults;
        }
    }

    protected override JsonElement Item(HostedCall call, string status, McpToolResult? result) => ItemJson.Build(json =>
    {
        json.WriteString("id", call.ItemId);
        json.WriteString("type", "web_search_call");
        json.WriteString("status", status);
        json.WriteStartObject("action");
        json.WriteString("type", "search");
        json.WriteString("query", call.Text("q"));
        json.WriteStartArray("queries");
        json.WriteStringValue(call.Text("q"));
        json.WriteEndArray();
        WriteSources(json, result);
        json.WriteEndObject();
        WriteResults(json, result);
    });

    protected override string ModelText(HostedCall call, McpToolResult result)
    {
        // The engine's own answer repeats the results at length.
        if (result.Structured is not { ValueKind: JsonValueKind.Object } structured || !structured.TryGetProperty("results", out _))
        {
            return base.ModelText(call, result);
        }

        var copy = JsonObject.Create(structured)!;
        copy.Remove("raw");
        copy.Remove("metadata");
        return ToolJson.Element(copy).GetRawText();
    }

    private static IEnumerable<string> Decided(WebSearch request)
    {
        yield return "offline_mode";
        if (request.AllowedDomains is { Count: > 0 })
        {
            yield return "domain_allow_list";
        }
    }

    private void Set(JsonObject arguments, string name, string? value)
    {
        if (value is not null && ModelSchema.Takes(tool.InputSchema, name))
        {
            arguments[name] = value;
        }
    }

    private void WriteSources(Utf8JsonWriter json, McpToolResult? result)
    {
        if (!_withSources || result is null)
        {
            return;
        }

        json.WriteStartArray("sources");
        foreach (var url in Results(result).Select(found => found.Text("source_url")).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("type", "url");
            json.WriteString("url", url);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteResults(Utf8JsonWriter json, McpToolResult? result)
    {
        if (!_withResults || result is null)
        {
            return;
        }

        json.WriteStartArray("results");
        foreach (var found in Results(result))
        {
            json.WriteStartObject();
            json.WriteString("type", "text_result");
            json.WriteString("url", found.Text("source_url"));
            json.WriteString("title", found.Text("title"));
            json.WriteString("snippet", found.Text("snippet"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<JsonElement> Results(McpToolResult result) => (result.Structured?.Elements("results") ?? []);
}
