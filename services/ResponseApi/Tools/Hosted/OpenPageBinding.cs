using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>Reads a page, shown as <c>web_search_call</c> with the action <c>open_page</c>. Where domains are limited, so are the pages.</summary>
internal sealed class OpenPageBinding(ToolSetBuilder set, McpTool tool, IReadOnlyList<string>? allowedDomains) : HostedBinding(
    set.Hosted, new(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema, "offline_mode")), tool.Name)
{
    public override string ItemIdPrefix => "ws";

    protected override string CompletedEvent => "response.web_search_call.completed";

    protected override string? Refusal(HostedCall call) =>
        allowedDomains is { Count: > 0 } domains && !domains.Any(domain => IsOf(call.Text("url"), domain))
            ? "The page is not of a domain that the request allows."
            : null;

    protected override async ValueTask AnnounceAsync(HostedCall call, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync("response.web_search_call.in_progress", null, ct);
        await output.EmitAsync("response.web_search_call.searching", null, ct);
    }

    protected override JsonElement Item(HostedCall call, string status, McpToolResult? result) => ItemJson.Build(json =>
    {
        json.WriteString("id", call.ItemId);
        json.WriteString("type", "web_search_call");
        json.WriteString("status", status);
        json.WriteStartObject("action");
        json.WriteString("type", "open_page");
        json.WriteString("url", call.Text("url") is { Length: > 0 } url ? url : null);
        json.WriteEndObject();
    });

    private static bool IsOf(string url, string domain) =>
        Uri.TryCreate(url, UriKind.Absolute, out var page)
        && (page.IdnHost.Equals(domain, StringComparison.OrdinalIgnoreCase) || page.IdnHost.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));
}
