using System.Text.Json;

namespace JanServer.LlmApi.Metering;

/// <summary>OpenAI's <c>usage</c> object.</summary>
internal readonly record struct TokenCounts(int Prompt, int Completion, int Total, int Cached, int Reasoning)
{
    /// <summary>Reads the object that begins at the current token; leaves the reader at its end. Absent members count as 0.</summary>
    /// <param name="hasDetails">Whether there is a <c>completion_tokens_details</c> object.</param>
    public static TokenCounts Read(ref Utf8JsonReader reader, out bool hasDetails)
    {
        hasDetails = false;
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
                cached = Detail(ref reader, "cached_tokens"u8, out _);
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                reasoning = Detail(ref reader, "reasoning_tokens"u8, out hasDetails);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new(prompt, completion, total == 0 ? prompt + completion : total, cached, reasoning);
    }

    /// <summary>Writes the member <c>usage</c> as a chat completion has it.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, Prompt);
        json.WriteNumber("completion_tokens"u8, Completion);
        json.WriteNumber("total_tokens"u8, Total);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int Detail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out bool isThere)
    {
        reader.Read();
        isThere = reader.TokenType == JsonTokenType.StartObject;
        if (!isThere)
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
