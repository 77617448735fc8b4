using System.Text.Json;

namespace JanServer.ResponseApi.Items;

/// <summary>Writes content parts as those of chat completions, in the form that llm-api finds stored files in.</summary>
internal static class ChatParts
{
    /// <summary>Writes the content of a user's message: text alone is a string.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<JsonElement> content)
    {
        var parts = content.Where(part => part.TypeOf() is "input_text" or "input_image" or "input_file").ToList();
        if (parts is [] || (parts is [var only] && only.TypeOf() == "input_text"))
        {
            json.WriteStringValue(parts is [] ? "" : parts[0].Text("text"));
            return;
        }

        json.WriteStartArray();
        foreach (var part in parts)
        {
            json.WriteStartObject();
            switch (part.TypeOf())
            {
                case "input_text":
                    json.WriteString("type"u8, "text"u8);
                    json.WriteString("text"u8, part.Text("text"));
                    break;
                case "input_image":
                    WriteImage(json, part);
                    break;
                default:
                    WriteFile(json, part);
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter json, JsonElement part)
    {
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, part.Text("image_url") ?? part.Text("file_id"));
        if (part.Text("detail") is { } detail and not "auto")
        {
            // Chat completions know no 'original'.
            json.WriteString("detail"u8, detail == "original" ? "high" : detail);
        }

        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, JsonElement part)
    {
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        foreach (var name in (ReadOnlySpan<string>)["filename", "file_data", "file_id"])
        {
            if (part.Text(name) is { } value)
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
    }
}
