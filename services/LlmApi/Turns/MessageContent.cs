using System.Text.Json;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Turns;

/// <summary>The content of a chat message as an item stores it: chat's part types become those of OpenAI's conversations.</summary>
internal static class MessageContent
{
    public static string? Of(JsonElement message, string role)
    {
        var content = new ContentBuilder();
        if (message.TryGetProperty("content", out var value))
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                AddText(content, role, value.GetString()!, message);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in value.EnumerateArray())
                {
                    AddPart(content, role, part, message);
                }
            }
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            content.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, ContentTypes.ToolCalls);
                json.WritePropertyName("tool_calls"u8);
                calls.WriteTo(json);
                json.WriteEndObject();
            });
        }

        return content.Build();
    }

    private static void AddText(ContentBuilder content, string role, string text, JsonElement message)
    {
        switch (role)
        {
            case ItemVocabulary.Assistant:
                content.AddText(ContentTypes.OutputText, text);
                break;
            case ItemVocabulary.Tool or "function":
                content.AddText(ContentTypes.ToolResult, text, StoredMessage.CallIdOf(message));
                break;
            default:
                content.AddText(ContentTypes.InputText, text);
                break;
        }
    }

    private static void AddPart(ContentBuilder content, string role, JsonElement part, JsonElement message)
    {
        var type = part.TryGetProperty("type", out var name) ? name.GetString() : null;
        switch (type)
        {
            case "text" when part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String:
                AddText(content, role, text.GetString()!, message);
                break;
            case "image_url" when part.TryGetProperty("image_url", out var image) && image.ValueKind == JsonValueKind.Object:
                content.Add(json => WriteImage(json, image));
                break;
            case "file" when part.TryGetProperty("file", out var file) && file.ValueKind == JsonValueKind.Object:
                content.Add(json => WriteMembers(json, "input_file", file));
                break;
            default:
                content.Add(part);
                break;
        }
    }

    private static void WriteImage(Utf8JsonWriter json, JsonElement image)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "input_image"u8);
        if (image.TryGetProperty("url", out var url))
        {
            json.WritePropertyName("image_url"u8);
            url.WriteTo(json);
        }

        json.WriteString("detail"u8, image.TryGetProperty("detail", out var detail) ? detail.GetString() : "auto");
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, string type, JsonElement members)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        foreach (var member in members.EnumerateObject())
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
