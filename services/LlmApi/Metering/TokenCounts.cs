using System.Text.Json;

namespace JanServer.LlmApi.Metering;

/// <summary>OpenAI's <c>usage</c> object.</summary>
internal readonly record struct TokenCounts(int Prompt, int Completion, int Total, int Cached, int Reasoning)
{
    /// <summary>Reads the object that begins at the current token; leaves the reader at its end. Absent members count as 0.</summary>
    public static TokenCounts Read(ref Utf8JsonReader reader)
    {
        var (prompt, completion, total, cached, reasoning) = (0, 0, 0, 0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
            {
                prompt = Number(ref reader);
            }
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
            {
                completion = Number(ref reader);
            }
            else if (reader.ValueTextEquals("total_tokens"u8))
            {
                total = Number(ref reader);
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                cached = Detail(ref reader, "cached_tokens"u8);
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                reasoning = Detail(ref reader, "reasoning_tokens"u8);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new(prompt, completion, total == 0 ? prompt + completion : total, cached, reasoning);
    }

    private static int Detail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return 0;
        }

        var value = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                value = Number(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return value;
    }

    private static int Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        var value = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? Math.Max(0, number) : 0;
        reader.Skip();
        return value;
    }
}
