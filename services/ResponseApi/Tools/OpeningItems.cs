using System.Text.Json;

namespace JanServer.ResponseApi.Tools;

/// <summary>Shows the items of <see cref="ToolSet.Opening"/> with the events that belong to their type.</summary>
internal static class OpeningItems
{
    /// <summary>Shows the item up to, and without, <c>response.output_item.done</c>.</summary>
    public static async ValueTask ShowAsync(JsonElement item, IItemOutput output, CancellationToken ct)
    {
        await output.AddAsync(item, ct);
        if (item.GetProperty("type").ValueEquals("mcp_list_tools"))
        {
            var failed = item.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String;
            await output.EmitAsync("response.mcp_list_tools.in_progress", null, ct);
            await output.EmitAsync(failed ? "response.mcp_list_tools.failed" : "response.mcp_list_tools.completed", null, ct);
        }
    }
}
