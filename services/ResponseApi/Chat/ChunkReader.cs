using System.Text.Json;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Chat;

/// <summary>
/// Reads one event of a stream of chat completions (OpenAI's <c>CreateChatCompletionStreamResponse</c>), as OpenAI and the engines write
/// it: <c>reasoning_content</c> or <c>reasoning</c>, calls with or without an index, errors in the place of a chunk.
/// </summary>
internal static class ChunkReader
{
    private static readonly ChatFailure Garbage = new(
        StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, "The model's server sent what is no chat completion.");

    public static void Read(ReadOnlySpan<byte> data, ChatChunk chunk)
    {
        chunk.Clear();
        if (data.SequenceEqual("[DONE]"u8))
        {
            chunk.IsDone = true;
            return;
        }

        try
        {
            var json = new Utf8JsonReader(data);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                chunk.Failure = Garbage;
                return;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref json, data, chunk);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            chunk.Failure = Garbage;
        }
    }

    private static void ReadMember(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChatChunk chunk)
    {
        if (json.ValueTextEquals("choices"u8))
        {
            json.Read();
            ReadChoices(ref json, data, chunk);
        }
        else if (json.ValueTextEquals("usage"u8))
        {
            json.Read();
            chunk.Usage = ReadUsage(ref json);
        }
        else if (json.ValueTextEquals("error"u8))
        {
            json.Read();
            chunk.Failure = json.TokenType == JsonTokenType.Null ? null : ReadError(ref json);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private static void ReadChoices(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChatChunk chunk)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        var first = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (!first || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            first = false;
            ReadChoice(ref json, data, chunk);
        }
    }

    private static void ReadChoice(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChatChunk chunk)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isDelta = json.ValueTextEquals("delta"u8);
            var isFinish = json.ValueTextEquals("finish_reason"u8);
            var isLogprobs = json.ValueTextEquals("logprobs"u8);
            json.Read();
            if (isDelta && json.TokenType == JsonTokenType.StartObject)
            {
                ReadDelta(ref json, chunk);
            }
            else if (isFinish && json.TokenType == JsonTokenType.String)
            {
                chunk.FinishReason = NameOf(ref json);
            }
            else if (isLogprobs && json.TokenType == JsonTokenType.StartObject)
            {
                ReadLogprobs(ref json, data, chunk);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static void ReadDelta(ref Utf8JsonReader json, ChatChunk chunk)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isText = json.ValueTextEquals("content"u8);
            var isReasoning = json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8);
            var isRefusal = json.ValueTextEquals("refusal"u8);
            var isCalls = json.ValueTextEquals("tool_calls"u8);
            json.Read();
            if (isCalls && json.TokenType == JsonTokenType.StartArray)
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    ReadCall(ref json, chunk);
                }
            }
            else if (json.TokenType != JsonTokenType.String || !(isText || isReasoning || isRefusal))
            {
                json.Skip();
            }
            else if (isText)
            {
                chunk.Text = Copy(ref json, chunk);
            }
            else if (isRefusal)
            {
                chunk.Refusal = Copy(ref json, chunk);
            }
            else if (chunk.Reasoning.IsEmpty)
            {
                // Some servers send it under both names.
                chunk.Reasoning = Copy(ref json, chunk);
            }
        }
    }

    private static void ReadCall(ref Utf8JsonReader json, ChatChunk chunk)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        var call = new CallDelta(-1, null, null, default);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIndex = json.ValueTextEquals("index"u8);
            var isId = json.ValueTextEquals("id"u8);
            var isFunction = json.ValueTextEquals("function"u8) || json.ValueTextEquals("custom"u8);
            json.Read();
            if (isIndex && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var index))
            {
                call = call with { Index = index };
            }
            else if (isId && json.TokenType == JsonTokenType.String)
            {
                call = call with { Id = json.GetString() };
            }
            else if (isFunction && json.TokenType == JsonTokenType.StartObject)
            {
                call = ReadFunction(ref json, chunk, call);
            }
            else
            {
                json.Skip();
            }
        }

        chunk.Calls.Add(call);
    }

    private static CallDelta ReadFunction(ref Utf8JsonReader json, ChatChunk chunk, CallDelta call)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isName = json.ValueTextEquals("name"u8);
            var isArguments = json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("input"u8);
            json.Read();
            if (isName && json.TokenType == JsonTokenType.String)
            {
                call = call with { Name = json.GetString() };
            }
            else if (isArguments && json.TokenType == JsonTokenType.String)
            {
                call = call with { Arguments = Copy(ref json, chunk) };
            }
            else if (isArguments && json.TokenType == JsonTokenType.StartObject)
            {
                // A few engines send the arguments as the object that they are.
                using var document = JsonDocument.ParseValue(ref json);
                call = call with { Arguments = System.Text.Encoding.UTF8.GetBytes(document.RootElement.GetRawText()) };
            }
            else
            {
                json.Skip();
            }
        }

        return call;
    }

    private static void ReadLogprobs(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChatChunk chunk)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = json.ValueTextEquals("content"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            var isArray = json.TokenType == JsonTokenType.StartArray;
            json.Skip();
            if (isContent && isArray)
            {
                var value = data[start..(int)json.BytesConsumed];
                var copy = chunk.Take(value.Length);
                value.CopyTo(copy.Span);
                chunk.Logprobs = copy;
            }
        }
    }

    private static RunUsage? ReadUsage(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        var (input, output, cached, reasoning) = (0L, 0L, 0L, 0L);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8))
            {
                input = ReadCount(ref json);
            }
            else if (json.ValueTextEquals("completion_tokens"u8))
            {
                output = ReadCount(ref json);
            }
            else if (json.ValueTextEquals("prompt_tokens_details"u8))
            {
                cached = ReadDetail(ref json, "cached_tokens"u8);
            }
            else if (json.ValueTextEquals("completion_tokens_details"u8))
            {
                reasoning = ReadDetail(ref json, "reasoning_tokens"u8);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new(input, cached, output, reasoning);
    }

    private static long ReadDetail(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Read();
        var count = 0L;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return count;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(name))
            {
                count = ReadCount(ref json);
                continue;
            }

            json.Read();
            json.Skip();
        }

        return count;
    }

    private static long ReadCount(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var count))
        {
            return Math.Max(0, count);
        }

        json.Skip();
        return 0;
    }

    private static ChatFailure ReadError(ref Utf8JsonReader json)
    {
        const string plain = "The model's server failed while it answered.";
        if (json.TokenType == JsonTokenType.String)
        {
            return new(StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, json.GetString() ?? plain);
        }

        var (message, code, type) = ((string?)null, (string?)null, (string?)null);
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return new(StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, plain);
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = json.ValueTextEquals("message"u8);
            var isCode = json.ValueTextEquals("code"u8);
            var isType = json.ValueTextEquals("type"u8);
            json.Read();
            var text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            (message, code, type) = (isMessage ? text : message, isCode ? text : code, isType ? text : type);
            json.Skip();
        }

        code ??= ErrorCodes.UpstreamError;
        return new(StatusOf(code, type), code, message ?? plain);
    }

    /// <summary>The status that an error event stands for: llm-api's codes and types say it.</summary>
    private static int StatusOf(string code, string? type) => (code, type) switch
    {
        (ErrorCodes.RateLimitExceeded, _) or (_, "rate_limit_error") => StatusCodes.Status429TooManyRequests,
        (ErrorCodes.UpstreamTimeout, _) => StatusCodes.Status504GatewayTimeout,
        (ErrorCodes.Unavailable, _) => StatusCodes.Status503ServiceUnavailable,
        (ErrorCodes.ModelNotFound, _) => StatusCodes.Status404NotFound,
        (_, "permission_error") => StatusCodes.Status403Forbidden,
        (_, "invalid_request_error") => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status502BadGateway,
    };

    private static string NameOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("stop"u8) ? "stop"
        : json.ValueTextEquals("tool_calls"u8) ? "tool_calls"
        : json.GetString()!;

    private static ReadOnlyMemory<byte> Copy(ref Utf8JsonReader json, ChatChunk chunk)
    {
        if (json.ValueSpan.Length == 0)
        {
            return default;
        }

        var target = chunk.Take(json.ValueSpan.Length);
        try
        {
            return target[..json.CopyString(target.Span)];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: a server that escapes and cuts emoji in two. The other half is lost with it.
            return "\uFFFD"u8.ToArray();
        }
    }
}
