using System.Text;
using System.Text.Json;

namespace JanServer.LlmApi.Answers;

/// <summary>One choice of an answer, as far as it has come.</summary>
internal sealed class CapturedChoice(int index)
{
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private readonly StringBuilder _refusal = new();
    private readonly List<CapturedToolCall> _toolCalls = [];
    private List<JsonElement>? _parts;
    private CapturedToolCall? _last;

    public int Index => index;

    public string Content => _content.ToString();

    public string Reasoning => _reasoning.ToString();

    public string Refusal => _refusal.ToString();

    /// <summary>The content parts that are not text, such as images, as they came.</summary>
    public IReadOnlyList<JsonElement> Parts => _parts ?? [];

    public IEnumerable<CapturedToolCall> ToolCalls => _toolCalls.OrderBy(call => call.Index);

    public string? FinishReason { get; set; }

    /// <summary>Whether anything of an answer is there.</summary>
    public bool HasAnything =>
        _content.Length > 0 || _reasoning.Length > 0 || _refusal.Length > 0 || _toolCalls.Count > 0 || _parts is not null;

    /// <summary>Takes a <c>delta</c>, or a whole <c>message</c>; returns how many characters it added.</summary>
    public int Add(JsonElement delta, bool isWhole)
    {
        var length = 0;
        var hasReasoning = false;
        foreach (var member in delta.EnumerateObject())
        {
            switch (member.Name)
            {
                case "content" when member.Value.ValueKind == JsonValueKind.Array:
                    length += member.Value.EnumerateArray().Sum(AddPart);
                    break;
                case "content":
                    length += Append(_content, member.Value);
                    break;
                case "reasoning_content" or "reasoning" when !hasReasoning:
                    hasReasoning = member.Value.ValueKind == JsonValueKind.String;
                    length += Append(_reasoning, member.Value);
                    break;
                case "refusal":
                    length += Append(_refusal, member.Value);
                    break;
                case "tool_calls" when member.Value.ValueKind == JsonValueKind.Array:
                    length += member.Value.EnumerateArray().Sum(call => AddToolCall(call, isWhole));
                    break;
                case "audio" or "images" when member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array:
                    length += Keep(member.Value);
                    break;
            }
        }

        return length;
    }

    /// <summary>Writes the choice as a whole completion has it.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, _content.Length > 0 || _toolCalls.Count == 0 ? Content : null);
        if (_reasoning.Length > 0)
        {
            json.WriteString("reasoning_content"u8, Reasoning);
        }

        json.WriteString("refusal"u8, _refusal.Length > 0 ? Refusal : null);
        if (_toolCalls.Count > 0)
        {
            json.WritePropertyName("tool_calls"u8);
            WriteToolCalls(json);
        }

        json.WriteEndObject();
        json.WriteString("finish_reason"u8, FinishReason);
        json.WriteNull("logprobs"u8);
        json.WriteEndObject();
    }

    /// <summary>Writes the tool calls as an array in the form of chat.</summary>
    public void WriteToolCalls(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var call in ToolCalls)
        {
            call.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static int Append(StringBuilder target, JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            return 0;
        }

        var before = target.Length;
        target.Append(text.GetString());
        return target.Length - before;
    }

    private int AddPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? Append(_content, text)
            : Keep(part);

    private int Keep(JsonElement part)
    {
        (_parts ??= []).Add(part.Clone());
        return part.GetRawText().Length;
    }

    /// <summary>
    /// Finds the call that a piece belongs to: by its index; without one by its id; without either it goes on with the last one. The calls
    /// of a whole message follow each other.
    /// </summary>
    private int AddToolCall(JsonElement piece, bool isWhole)
    {
        if (piece.ValueKind != JsonValueKind.Object)
        {
            return 0;
        }

        var id = Text(piece, "id");
        var at = piece.TryGetProperty("index", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var n) ? n : (int?)null;
        var call = isWhole ? null
            : at is not null ? _toolCalls.Find(one => one.Index == at)
            : id is not null ? _toolCalls.Find(one => one.Id == id)
            : _last;
        if (call is null)
        {
            _toolCalls.Add(call = new(isWhole || at is null ? _toolCalls.Count : at.Value));
        }

        _last = call;
        return call.Add(piece, id);
    }

    internal static string? Text(JsonElement piece, string name) =>
        piece.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
