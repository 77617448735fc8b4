using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanServer.ResponseApi.Secrets;

/// <summary>
/// The credentials in a request: <c>headers</c> and <c>authorization</c> of its <c>mcp</c> tools. They are kept apart from the request,
/// encrypted, as long as it runs.
/// </summary>
internal static class RequestSecrets
{
    private static readonly string[] Names = ["authorization", "headers"];

    /// <summary>The request without its secrets, and those as JSON; null for none.</summary>
    public static (JsonElement Body, byte[]? Secrets) Split(JsonElement body)
    {
        if (!HasSecrets(body))
        {
            return (body, null);
        }

        var copy = JsonObject.Create(body)!;
        var secrets = new JsonObject();
        var tools = copy["tools"]!.AsArray();
        for (var i = 0; i < tools.Count; i++)
        {
            if (tools[i] is not JsonObject tool)
            {
                continue;
            }

            foreach (var name in Names)
            {
                if (tool.Remove(name, out var value) && value is not null)
                {
                    secrets[$"{i}.{name}"] = value;
                }
            }
        }

        return (Element(copy), JsonSerializer.SerializeToUtf8Bytes<JsonNode>(secrets, SecretsJson.Default.JsonNode));
    }

    /// <summary>Undoes <see cref="Split"/>.</summary>
    public static JsonElement Join(JsonElement body, byte[]? secrets)
    {
        if (secrets is null)
        {
            return body;
        }

        var copy = JsonObject.Create(body)!;
        foreach (var (path, value) in JsonNode.Parse(secrets)!.AsObject())
        {
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            copy["tools"]!.AsArray()[int.Parse(path.AsSpan(0, dot), System.Globalization.CultureInfo.InvariantCulture)]![path[(dot + 1)..]] =
                value!.DeepClone();
        }

        return Element(copy);
    }

    private static bool HasSecrets(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("tools", out var tools)
        && tools.ValueKind == JsonValueKind.Array
        && tools.EnumerateArray().Any(tool =>
            tool.ValueKind == JsonValueKind.Object && Names.Any(name => tool.TryGetProperty(name, out _)));

    private static JsonElement Element(JsonObject json) => JsonSerializer.SerializeToElement<JsonNode>(json, SecretsJson.Default.JsonNode);
}
