using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JanServer.LlmApi.Requests;

/// <summary>Names the value at an offset of a document, as OpenAI's <c>param</c> does: <c>messages[1].content[0].type</c>.</summary>
internal static class JsonPathAt
{
    public static string Find(ReadOnlySpan<byte> body, long offset)
    {
        var path = new List<(string? Name, int Index)>();
        var json = new Utf8JsonReader(body);
        while (json.Read() && json.TokenStartIndex < offset)
        {
            Track(ref json, path);
        }

        if (json.TokenType is JsonTokenType.PropertyName)
        {
            Track(ref json, path);
        }
        else if (path.Count > 0 && path[^1].Name is null)
        {
            path[^1] = (null, path[^1].Index + 1);
        }

        return Render(path);
    }

    private static void Track(ref Utf8JsonReader json, List<(string? Name, int Index)> path)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.PropertyName:
                path[^1] = (json.GetString(), 0);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.RemoveAt(path.Count - 1);
                break;
            default:
                if (path.Count > 0 && path[^1].Name is null)
                {
                    path[^1] = (null, path[^1].Index + 1);
                }

                if (json.TokenType is JsonTokenType.StartObject)
                {
                    path.Add(("", 0));
                }
                else if (json.TokenType is JsonTokenType.StartArray)
                {
                    path.Add((null, -1));
                }

                break;
        }
    }

    private static string Render(List<(string? Name, int Index)> path)
    {
        var text = new StringBuilder();
        foreach (var (name, index) in path)
        {
            if (name is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else if (name.Length > 0)
            {
                text.Append(text.Length > 0 ? "." : "").Append(name);
            }
        }

        return text.ToString();
    }
}
