using System.Text.Json;
using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Streaming;

/// <summary>
/// What one answer object of an upstream says, read in one pass without materializing it: where its model is, its usage, whether a choice
/// finished. Works on chunks of streams and on whole answers alike.
/// </summary>
internal struct ChunkScan
{
    /// <summary>The top-level <c>model</c> string with its quotes; empty when there is none.</summary>
    public Range Model { get; private set; }

    /// <summary>The top-level <c>usage</c> member with the comma before it, or only its value when it is the first member.</summary>
    public Range Usage { get; private set; }

    /// <summary>Whether <see cref="Usage"/> is the first member, so that only its value can go.</summary>
    public bool UsageIsFirst { get; private set; }

    public bool HasUsage { get; private set; }

    public TokenCounts Counts { get; private set; }

    /// <summary>The top-level <c>id</c> string with its quotes; empty when there is none.</summary>
    public Range Id { get; private set; }

    /// <summary>How many choices there are.</summary>
    public int Choices { get; private set; }

    /// <summary>The first choice.</summary>
    public ChoiceScan First { get; private set; }

    /// <summary>The other choices, which few answers have.</summary>
    public List<ChoiceScan>? Others { get; private set; }

    /// <summary>Whether the usage says what reasoning took.</summary>
    public bool HasUsageDetails { get; private set; }

    /// <summary>Whether <c>choices</c> or <c>data</c> is there.</summary>
    public bool HasResults { get; private set; }

    /// <summary>Whether <c>choices</c> is there and empty.</summary>
    public bool IsEmpty { get; private set; }

    public bool HasError { get; private set; }

    /// <summary>The first non-null <c>finish_reason</c>.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Reads one JSON object; false when <paramref name="json"/> is not exactly that.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out ChunkScan scan)
    {
        scan = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            var open = (int)reader.BytesConsumed;
            var previousEnd = open;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                scan.ReadMember(ref reader, previousEnd, isFirst: previousEnd == open);
                previousEnd = (int)reader.BytesConsumed;
            }

            return !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, int previousEnd, bool isFirst)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            HasResults = true;
            ReadChoices(ref reader);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                Model = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            }

            reader.Skip();
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                Id = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            }

            reader.Skip();
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            var start = isFirst ? (int)reader.TokenStartIndex : previousEnd;
            HasUsage = reader.TokenType == JsonTokenType.StartObject;
            if (HasUsage)
            {
                Counts = TokenCounts.Read(ref reader, out var hasDetails);
                HasUsageDetails = hasDetails;
            }

            reader.Skip();
            Usage = start..(int)reader.BytesConsumed;
            UsageIsFirst = isFirst;
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            HasError = reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else
        {
            HasResults |= reader.ValueTextEquals("data"u8);
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        IsEmpty = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            IsEmpty = false;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var choice = ReadChoice(ref reader);
            if (Choices++ == 0)
            {
                First = choice;
            }
            else
            {
                (Others ??= []).Add(choice);
            }
        }
    }

    private ChoiceScan ReadChoice(ref Utf8JsonReader reader)
    {
        var choice = default(ChoiceScan);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    choice.IsFinished = true;
                    FinishReason ??= Known(ref reader);
                }
            }
            else if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                ReadDelta(ref reader, ref choice);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                choice.Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index : 0;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        return choice;
    }

    private static void ReadDelta(ref Utf8JsonReader reader, ref ChoiceScan choice)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        (choice.DeltaAt, choice.DeltaIsEmpty) = ((int)reader.BytesConsumed, true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            choice.DeltaIsEmpty = false;
            var isContent = reader.ValueTextEquals("content"u8);
            var isReasoning = !isContent && (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8));
            reader.Read();
            if (isContent && reader.TokenType == JsonTokenType.String)
            {
                choice.Content = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            }
            else if (isReasoning && reader.TokenType == JsonTokenType.String)
            {
                choice.ReasoningLength = Math.Max(choice.ReasoningLength, reader.ValueSpan.Length);
            }

            reader.Skip();
        }
    }

    private static string Known(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("stop"u8) ? "stop"
        : reader.ValueTextEquals("length"u8) ? "length"
        : reader.ValueTextEquals("tool_calls"u8) ? "tool_calls"
        : reader.ValueTextEquals("content_filter"u8) ? "content_filter"
        : "other";
}
