using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Completions;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Streaming;

/// <summary>
/// Serves a whole answer as a stream, for upstreams that ignore <c>stream: true</c>: one chunk with everything, the usage if asked for,
/// <c>[DONE]</c>.
/// </summary>
internal static class StreamedAnswer
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(ClientStream client, Exchange exchange, UpstreamAnswer answer, AnswerDelivery delivery, CancellationToken ct)
    {
        var (body, length) = PlainAnswer.Rewritten(exchange, answer.Body.Span, delivery);
        try
        {
            await delivery.CommitAsync(null);
            await client.EnterAsync(ct);
            Write(client.Body, body.AsMemory(0, length), exchange);
            client.WriteDone();
            await client.LeaveAsync(ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private static void Write(IBufferWriter<byte> writer, ReadOnlyMemory<byte> body, Exchange exchange)
    {
        using var document = JsonDocument.Parse(body);
        WriteChunk(writer, document.RootElement, exchange.Request, isUsage: false);
        if (exchange.Request.ShowsUsage && exchange.Counts is not null)
        {
            WriteChunk(writer, document.RootElement, exchange.Request, isUsage: true);
        }
    }

    private static void WriteChunk(IBufferWriter<byte> writer, JsonElement answer, CompletionRequest request, bool isUsage)
    {
        writer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(writer, Relaxed))
        {
            json.WriteStartObject();
            foreach (var member in answer.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "object" when request.Operation == Operation.Chat:
                        json.WriteString("object"u8, "chat.completion.chunk"u8);
                        break;
                    case "usage" when !isUsage:
                        break;
                    case "choices" when isUsage:
                        json.WriteStartArray("choices"u8);
                        json.WriteEndArray();
                        break;
                    case "choices" when member.Value.ValueKind == JsonValueKind.Array:
                        WriteChoices(json, member.Value);
                        break;
                    default:
                        member.WriteTo(json);
                        break;
                }
            }

            json.WriteEndObject();
        }

        writer.Write("\n\n"u8);
    }

    private static void WriteChoices(Utf8JsonWriter json, JsonElement choices)
    {
        json.WriteStartArray("choices"u8);
        foreach (var choice in choices.EnumerateArray())
        {
            json.WriteStartObject();
            foreach (var member in choice.EnumerateObject())
            {
                if (member.NameEquals("message"u8) && member.Value.ValueKind == JsonValueKind.Object)
                {
                    json.WritePropertyName("delta"u8);
                    WriteDelta(json, member.Value);
                }
                else
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDelta(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStartObject();
        foreach (var member in message.EnumerateObject())
        {
            if (!member.NameEquals("tool_calls"u8) || member.Value.ValueKind != JsonValueKind.Array)
            {
                member.WriteTo(json);
                continue;
            }

            // Only streamed tool calls carry the index by which clients put their pieces together.
            json.WriteStartArray("tool_calls"u8);
            var index = 0;
            foreach (var call in member.Value.EnumerateArray())
            {
                json.WriteStartObject();
                json.WriteNumber("index"u8, index++);
                foreach (var part in call.EnumerateObject().Where(part => !part.NameEquals("index"u8)))
                {
                    part.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
