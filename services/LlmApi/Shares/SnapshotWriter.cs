using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JanServer.LlmApi.Shares;

/// <summary>
/// Writes what readers see of a conversation: what the user, the assistant and its tools said, in order, without ids of items. What
/// the system was told, and what the model thought unless that is asked for, is not in it.
/// </summary>
internal sealed class SnapshotWriter : IDisposable
{
    /// <summary>The form that is written.</summary>
    public const int Version = 1;

    private const int TitleLength = 50;
    private const string NoTitle = "Shared conversation";

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly ShareTerms _terms;
    private string? _firstWords;

    public SnapshotWriter(ShareTerms terms)
    {
        _terms = terms;
        _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteStartArray("items"u8);
    }

    /// <summary>How many items readers see.</summary>
    public int Count { get; private set; }

    /// <summary>How large the snapshot is by now.</summary>
    public long Length => _json.BytesCommitted + _json.BytesPending;

    /// <summary>Adds what is seen of an item, if anything is.</summary>
    public void Add(SharedItem item)
    {
        using var content = item.Content is null ? null : JsonDocument.Parse(item.Content);
        switch (item.Type)
        {
            case "message" when item.Role is "user" or "assistant" or "tool":
                AddMessage(item, content);
                break;

            case "function_call":
                Begin(item);
                WriteText("call_id", item.CallId);
                WriteText("name", item.Name);
                WriteText("arguments", item.Arguments);
                End();
                break;

            case "function_call_output":
                Begin(item);
                WriteText("call_id", item.CallId);
                WriteText("output", item.Output);
                WriteParts("content"u8, SeenOf(content?.RootElement));
                End();
                break;

            case "reasoning" when _terms.IncludeReasoning:
                using (var extra = item.Extra is null ? null : JsonDocument.Parse(item.Extra))
                {
                    AddReasoning(item, content, extra);
                }

                break;
        }
    }

    /// <summary>The whole snapshot. Nothing can be added any more.</summary>
    public ReadOnlyMemory<byte> Complete(string? conversationTitle, string? model, string? assistant, DateTimeOffset now)
    {
        _json.WriteEndArray();
        _json.WriteString("title"u8, _terms.Title ?? conversationTitle ?? _firstWords ?? NoTitle);
        WriteText("model_name", model);
        WriteText("assistant_name", assistant);
        _json.WriteNumber("created_at"u8, now.ToUnixTimeSeconds());
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private void AddMessage(SharedItem item, JsonDocument? content)
    {
        var parts = SeenOf(content?.RootElement);
        if (parts.Count == 0)
        {
            return;
        }

        if (item.Role == "user")
        {
            _firstWords ??= FirstWordsOf(parts);
        }

        Begin(item);
        WriteText("role", item.Role);
        WriteText("status", item.Status);
        WriteParts("content"u8, parts);
        End();
    }

    private void AddReasoning(SharedItem item, JsonDocument? content, JsonDocument? extra)
    {
        var parts = SeenOf(content?.RootElement);
        var summary = extra is not null && extra.RootElement.TryGetProperty("summary"u8, out var given) ? SeenOf(given) : [];
        if (parts.Count + summary.Count > 0)
        {
            Begin(item);
            WriteParts("summary"u8, summary);
            WriteParts("content"u8, parts);
            End();
        }
    }

    private List<JsonElement> SeenOf(JsonElement? parts) => parts is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Where(part => SharedParts.AreSeen(part, _terms))]
        : [];

    private void Begin(SharedItem item)
    {
        Count++;
        _json.WriteStartObject();
        _json.WriteString("type"u8, item.Type);
        _json.WriteString("created_at"u8, item.CreatedAt);
    }

    private void End() => _json.WriteEndObject();

    private void WriteText(string name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    private void WriteParts(ReadOnlySpan<byte> name, List<JsonElement> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        _json.WriteStartArray(name);
        foreach (var part in parts)
        {
            SharedParts.Write(_json, part);
        }

        _json.WriteEndArray();
    }

    private static string? FirstWordsOf(List<JsonElement> parts)
    {
        foreach (var part in parts)
        {
            if (part.TryGetProperty("text"u8, out var text) && TextOf(text)?.ReplaceLineEndings(" ").Trim() is { Length: > 0 } words)
            {
                var end = 0;
                foreach (var rune in words.EnumerateRunes().Take(TitleLength))
                {
                    end += rune.Utf16SequenceLength;
                }

                return end < words.Length ? $"{words[..end].TrimEnd()}…" : words;
            }
        }

        return null;
    }

    private static string? TextOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which JSON can hold and text cannot: a title can do without.
            return null;
        }
    }
}
