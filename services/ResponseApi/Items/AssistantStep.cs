using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JanServer.ResponseApi.Items;

/// <summary>What the assistant did in one model call, and what came of its calls.</summary>
internal sealed class AssistantStep
{
    private const int MaxName = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    private readonly StringBuilder _text = new();

    public string? Reasoning { get; set; }

    public List<StepCall> Calls { get; } = [];

    /// <summary>The model call that asked for the calls that ran here; null when none did.</summary>
    public int? ModelCall { get; set; }

    /// <summary>Whether results of the client were seen: what is called next is another step.</summary>
    public bool IsAnswered { get; set; }

    public bool HasText => _text.Length > 0;

    public bool IsEmpty => !HasText && Calls.Count == 0 && string.IsNullOrEmpty(Reasoning);

    public void Say(string text)
    {
        if (_text.Length > 0 && text.Length > 0)
        {
            _text.Append('\n');
        }

        _text.Append(text);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        if (HasText || Calls.Count == 0)
        {
            json.WriteString("content"u8, _text.ToString());
        }
        else
        {
            json.WriteNull("content"u8);
        }

        if (!string.IsNullOrEmpty(Reasoning))
        {
            json.WriteString("reasoning_content"u8, Reasoning);
        }

        if (Calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in Calls)
            {
                WriteCall(json, call);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        WriteResults(json);
    }

    private static void WriteCall(Utf8JsonWriter json, StepCall call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.CallId);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, NameOf(call.Name));
        json.WriteString("arguments"u8, ItemTexts.AsObject(call.Arguments));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResults(Utf8JsonWriter json)
    {
        foreach (var call in Calls)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteString("tool_call_id"u8, call.CallId);
            json.WriteString("content"u8, call.Result);
            json.WriteEndObject();
        }

        // A tool's message holds only text, so what else a client's tool gave is shown by the user.
        var shown = Calls
            .Where(call => call.Output is not null)
            .SelectMany(call => call.Output!.Value.Elements("output"))
            .Where(part => part.TypeOf() is "input_image" or "input_file")
            .ToList();
        if (shown.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WritePropertyName("content"u8);
            ChatParts.Write(json, shown);
            json.WriteEndObject();
        }
    }

    private static string NameOf(string name)
    {
        if (name.Length is > 0 and <= MaxName && !name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return name;
        }

        var clean = string.Concat(name.Take(MaxName).Select(c => NameCharacters.Contains(c) ? c : '_'));
        return clean.Length == 0 ? "unknown" : clean;
    }
}

/// <summary>A call and what the model is told of its result.</summary>
internal sealed record StepCall(string CallId, string Name, string Arguments, string Result)
{
    /// <summary>The client's output item, which may hold more than text.</summary>
    public JsonElement? Output { get; init; }
}
