using System.Text.Json;
using JanServer.Contracts.Accounts;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>What modules may know of a request. What takes reading is read when a module first asks.</summary>
internal sealed class PromptContext(
    CompletionRequest request, ReadOnlyMemory<byte> body, PromptInputs inputs, UserSettings? settings, DateTimeOffset now)
{
    private const int MaxHints = 50;
    private const int MaxHintLength = 2000;
    private const string MetadataPrefix = "memory";

    public PromptInputs Inputs => inputs;

    /// <summary>What the user has chosen; null when accounts does not say.</summary>
    public UserSettings? Settings => settings;

    public DateTimeOffset Now => now;

    public bool DeepResearch => IsSet(Member.DeepResearch);

    public bool WantsImage => IsSet(Member.Image);

    /// <summary>The definitions of tools; empty when there are none.</summary>
    public ReadOnlyMemory<byte> ToolsJson
    {
        get
        {
            var place = request.Places.Find(Member.Tools);
            return body[place.Start..place.End];
        }
    }

    /// <summary>Whether tools are offered, asked for, or were used before.</summary>
    public bool UsesTools
    {
        get
        {
            if (WantsImage || request.Places.Has(Member.Tools, body.Span) || request.Places.Has(Member.ToolChoice, body.Span))
            {
                return true;
            }

            foreach (var message in request.Messages(body.Span).Messages)
            {
                if (message.CallsTools || message.IsToolResult)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>What memory says of the user: of the request's header first, then of the conversation's metadata.</summary>
    public IReadOnlyList<string> MemoryHints => field ??= ReadHints();

    /// <summary>The text of the last user message; empty when there is none.</summary>
    public string LastUserText => field ??= ReadLastUserText();

    private List<string> ReadHints()
    {
        if (settings?.MemoryConfig.Enabled == false)
        {
            return [];
        }

        var stored = (inputs.ConversationMetadata ?? new Dictionary<string, string>())
            .Where(pair => pair.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value);
        return
        [
            .. (inputs.MemoryHints ?? "").Split(';').Concat(stored)
                .Select(hint => hint.Trim())
                .Where(hint => hint.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Select(hint => hint.Length > MaxHintLength ? hint[..MaxHintLength] : hint)
                .Take(MaxHints),
        ];
    }

    private string ReadLastUserText()
    {
        var bytes = body.Span;
        var messages = request.Messages(bytes).Messages;
        for (var i = messages.Length - 1; i >= 0; i--)
        {
            if (messages[i].Role == MessageRole.User)
            {
                return messages[i].Kind == ContentKind.Text
                    ? JsonText.Decode(messages[i].Content.Of(bytes)) ?? ""
                    : FirstText(messages[i].Content.Of(bytes));
            }
        }

        return "";
    }

    private static string FirstText(ReadOnlySpan<byte> parts)
    {
        var json = new Utf8JsonReader(parts);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 2 && json.ValueTextEquals("text"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String)
                {
                    return JsonText.Decode(parts[(int)json.TokenStartIndex..(int)json.BytesConsumed]) ?? "";
                }
            }
        }

        return "";
    }

    private bool IsSet(Member member)
    {
        var place = request.Places.Find(member);
        return !place.IsEmpty && body.Span[place.Start] == 't';
    }
}
