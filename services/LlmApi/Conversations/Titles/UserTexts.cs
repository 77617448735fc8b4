using System.Text.Json;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>What the user says in the messages of a chat, as far as titles need it.</summary>
/// <param name="First">The first text, also when it stands beside images; null when there is none.</param>
/// <param name="Last">The last text.</param>
/// <param name="Count">How many messages are the user's.</param>
internal readonly record struct UserTexts(string? First, string? Last, int Count)
{
    // What waits for a title must not keep whole documents in memory.
    private const int MaxLength = 2000;
    private const string TextMember = "text";

    /// <summary>Reads the <c>messages</c> of a chat.</summary>
    public static UserTexts Of(JsonElement messages)
    {
        var (first, last, count) = ((string?)null, (string?)null, 0);
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return default;
        }

        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object
                || !message.TryGetProperty("role"u8, out var role)
                || role.ValueKind != JsonValueKind.String
                || !role.ValueEquals("user"u8))
            {
                continue;
            }

            count++;
            if (message.TryGetProperty("content"u8, out var content) && TextOf(content) is { } text)
            {
                first ??= text;
                last = text;
            }
        }

        return new(first, last, count);
    }

    private static string? TextOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => NotBlank(content),
        JsonValueKind.Array => content.EnumerateArray()
            .Where(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty(TextMember, out var text) && text.ValueKind == JsonValueKind.String)
            .Select(part => NotBlank(part.GetProperty(TextMember)))
            .FirstOrDefault(text => text is not null),
        _ => null,
    };

    private static string? NotBlank(JsonElement text)
    {
        try
        {
            return text.GetString() is { } value && !string.IsNullOrWhiteSpace(value) ? TitleText.Shorten(value.TrimStart(), MaxLength) : null;
        }
        catch (InvalidOperationException)
        {
            // Half a character behind an escape; it gives no title.
            return null;
        }
    }
}
