using System.Text;
using System.Text.Json;

namespace JanServer.LlmApi.Answers;

/// <summary>A tool call of an answer, as far as it has come.</summary>
internal sealed class CapturedToolCall(int index)
{
    private readonly StringBuilder _arguments = new();

    public int Index => index;

    /// <summary>The id by which its result will name it; null while the upstream has given none.</summary>
    public string? Id { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>The arguments as the model wrote them: JSON, unless it was cut off.</summary>
    public string Arguments => _arguments.ToString();

    /// <summary>Takes a piece; returns how many characters it added.</summary>
    public int Add(JsonElement piece, string? id)
    {
        Id ??= id;
        if (!piece.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object)
        {
            return 0;
        }

        // Some engines send the name once, some with every piece, some in pieces.
        if (CapturedChoice.Text(function, "name") is { } name && name != Name)
        {
            Name += name;
        }

        if (!function.TryGetProperty("arguments", out var arguments))
        {
            return 0;
        }

        var before = _arguments.Length;
        switch (arguments.ValueKind)
        {
            case JsonValueKind.String:
                _arguments.Append(arguments.GetString());
                break;
            case JsonValueKind.Object:
                // Not what OpenAI defines, but what some engines answer.
                _arguments.Append(arguments.GetRawText());
                break;
        }

        return _arguments.Length - before;
    }

    /// <summary>Writes the call as a whole completion has it.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, Name);
        json.WriteString("arguments"u8, Arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
