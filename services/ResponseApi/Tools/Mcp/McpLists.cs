using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>Makes and reads items <c>mcp_list_tools</c>.</summary>
internal static class McpLists
{
    private const string ItemType = "mcp_list_tools";

    /// <summary>The item of a list that was made, or that could not be made because of <paramref name="error"/>.</summary>
    public static JsonElement Item(string label, IReadOnlyList<McpTool> tools, string? error) => ItemJson.Build(json =>
    {
        json.WriteString("id", $"mcpl_{Guid.CreateVersion7():n}");
        json.WriteString("type", ItemType);
        json.WriteString("server_label", label);
        json.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WriteElement("input_schema", tool.InputSchema);
            if (tool.Annotations is { } annotations)
            {
                json.WriteElement("annotations", annotations);
            }
            else
            {
                json.WriteNull("annotations");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("error", error);
    });

    /// <summary>What the context, the input or an earlier attempt at this response lists of the server; null when none does.</summary>
    public static IReadOnlyList<McpTool>? KnownTo(Response response, string label)
    {
        var items = response.Context.Select(item => item.Item)
            .Concat(response.Input.Select(item => item.Item))
            .Concat(response.Progress.Output);
        var last = items.LastOrDefault(item =>
            item.Text("type") is ItemType && item.Text("server_label") == label && item.Text("error") is null);
        return last.ValueKind is JsonValueKind.Object ? [.. last.Elements("tools").Select(Read).OfType<McpTool>()] : null;
    }

    private static McpTool? Read(JsonElement tool) =>
        tool.Text("name") is { Length: > 0 } name && Object(tool, "input_schema") is { } schema
            ? new(name, tool.Text("description"), schema, Object(tool, "annotations"))
            : null;

    private static JsonElement? Object(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object ? value : null;
}
