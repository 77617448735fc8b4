using System.Text.Json;

namespace JanServer.LlmApi.Answers;

/// <summary>
/// Puts an answer together from what the client is sent, so that it can be stored: the chunks of a stream, or one whole completion. Pieces
/// belong together by the index of their choice and of their tool call, whatever order they come in.
/// </summary>
/// <param name="maxLength">How many characters to keep at the most; an answer that is longer counts as incomplete.</param>
internal sealed class AnswerCapture(int maxLength)
{
    private readonly List<CapturedChoice> _choices = [];
    private int _length;

    /// <summary>The choices in the order of their indices.</summary>
    public IEnumerable<CapturedChoice> Choices => _choices.OrderBy(choice => choice.Index);

    /// <summary>The first choice; null while nothing has come.</summary>
    public CapturedChoice? First => _choices.Count == 0 ? null : _choices.MinBy(choice => choice.Index);

    /// <summary>The <c>created</c> of the upstream; 0 when it has not said.</summary>
    public long Created { get; private set; }

    public string? SystemFingerprint { get; private set; }

    public string? ServiceTier { get; private set; }

    /// <summary>Whether the answer is longer than what is kept.</summary>
    public bool IsCut => _length > maxLength;

    /// <summary>Takes one object; it has been scanned before, so it is JSON.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                AddChoices(ref reader);
            }
            else if (reader.ValueTextEquals("created"u8))
            {
                reader.Read();
                Created = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var created) ? created : Created;
            }
            else if (reader.ValueTextEquals("system_fingerprint"u8))
            {
                reader.Read();
                SystemFingerprint = reader.TokenType == JsonTokenType.String ? reader.GetString() : SystemFingerprint;
            }
            else if (reader.ValueTextEquals("service_tier"u8))
            {
                reader.Read();
                ServiceTier = reader.TokenType == JsonTokenType.String ? reader.GetString() : ServiceTier;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }
    }

    private void AddChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                AddChoice(JsonElement.ParseValue(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void AddChoice(JsonElement piece)
    {
        var index = piece.TryGetProperty("index", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt32(out var number) ? number : 0;
        var choice = _choices.Find(one => one.Index == index);
        if (choice is null)
        {
            _choices.Add(choice = new(index));
        }

        if (piece.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
        {
            choice.FinishReason = reason.GetString();
        }

        var isWhole = piece.TryGetProperty("message", out var delta);
        if ((isWhole || piece.TryGetProperty("delta", out delta)) && delta.ValueKind == JsonValueKind.Object && !IsCut)
        {
            _length += choice.Add(delta, isWhole);
        }
    }
}
