using System.Text;
using System.Text.Json;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Turns;

/// <summary>What makes a message of a request the same as an item: its role, its text and the call that it answers.</summary>
internal sealed record StoredMessage(string Role, string Text, string? CallId)
{
    /// <summary>A message of a request.</summary>
    public static StoredMessage Of(JsonElement message) => new(
        message.GetProperty("role").GetString()!,
        message.TryGetProperty("content", out var content) ? TextOf(content) : "",
        CallIdOf(message));

    /// <summary>An item, by the columns that matter.</summary>
    public static StoredMessage Of(string? role, string? content, string? callId)
    {
        if (content is null)
        {
            return new(role ?? "", "", callId);
        }

        using var document = JsonDocument.Parse(content);
        return new(role ?? "", TextOf(document.RootElement), callId);
    }

    /// <summary>The <c>tool_call_id</c> of a message.</summary>
    public static string? CallIdOf(JsonElement message) =>
        message.TryGetProperty("tool_call_id", out var id) && id.ValueKind == JsonValueKind.String ? StorableText.Of(id.GetString()) : null;

    private static string TextOf(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return StorableText.Of(content.GetString()!).Trim();
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var piece) && piece.ValueKind == JsonValueKind.String)
            {
                text.Append(piece.GetString());
            }
        }

        return StorableText.Of(text.ToString()).Trim();
    }
}
