using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JanServer.Contracts.Media;

namespace JanServer.MediaApi.Resolving;

/// <summary>Finds ids in any JSON and puts links in their places. Only values change, never names, and never the JSON around them.</summary>
internal static partial class PayloadLinks
{
    /// <summary>The ids that the payload names, each once.</summary>
    public static IReadOnlyList<string> IdsIn(JsonElement payload)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        Collect(payload, name: null, ids);
        return [.. ids];
    }

    /// <summary>The payload with <paramref name="link"/> of each id.</summary>
    public static JsonElement Replace(JsonElement payload, Func<string, string> link)
    {
        var replaced = Replace(JsonNode.Parse(payload.GetRawText()), name: null, link);
        using var document = JsonDocument.Parse(replaced?.ToJsonString() ?? "null");
        return document.RootElement.Clone();
    }

    private static void Collect(JsonElement value, string? name, HashSet<string> ids)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Collect(member.Value, member.Name, ids);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, name: null, ids);
                }

                break;
            case JsonValueKind.String when value.GetString() is { } text:
                if (IsBareId(name, text))
                {
                    ids.Add(text);
                }

                ids.UnionWith(Placeholder().Matches(text).Select(match => match.Groups[1].Value));
                break;
        }
    }

    private static JsonNode? Replace(JsonNode? node, string? name, Func<string, string> link)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (member, value) in members.ToList())
                {
                    Set(value, Replace(value, member, link), changed => members[member] = changed);
                }

                return members;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var index = i;
                    Set(items[i], Replace(items[i], name: null, link), changed => items[index] = changed);
                }

                return items;
            case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                var text = value.GetValue<string>();
                var replaced = IsBareId(name, text) ? link(text) : Placeholder().Replace(text, match => link(match.Groups[1].Value));
                return replaced == text ? node : JsonValue.Create(replaced);
            default:
                return node;
        }
    }

    private static void Set(JsonNode? old, JsonNode? changed, Action<JsonNode?> set)
    {
        if (!ReferenceEquals(old, changed))
        {
            set(changed);
        }
    }

    private static bool IsBareId(string? name, string text) => name is "url" or "image_url" && MediaRef.IsId(text);

    // Only our own ids, whole: what follows is either no letter or digit or the end.
    [GeneratedRegex("data:[a-z]+/[a-z0-9.+-]+;(?:base64,)?(jan_[0-9a-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
