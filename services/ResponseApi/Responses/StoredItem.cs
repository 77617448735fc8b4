using System.Text.Json;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Responses;

/// <summary>A <see cref="ContextItem"/> as the database keeps it.</summary>
internal sealed record StoredItem(JsonElement Item, ToolExecution? Execution)
{
    public static string Write(IEnumerable<ContextItem> items) => JsonSerializer.Serialize(
        [.. items.Select(item => new StoredItem(item.Item, item.Execution))], ResponseStoreJson.Default.ListStoredItem);

    public static List<ContextItem> Read(string json) =>
        [.. JsonSerializer.Deserialize(json, ResponseStoreJson.Default.ListStoredItem)!.Select(item => new ContextItem(item.Item, item.Execution))];

    public static string Write(List<JsonElement> items) => JsonSerializer.Serialize(items, ResponseStoreJson.Default.ListJsonElement);

    public static List<JsonElement> ReadPlain(string json) => JsonSerializer.Deserialize(json, ResponseStoreJson.Default.ListJsonElement)!;
}
