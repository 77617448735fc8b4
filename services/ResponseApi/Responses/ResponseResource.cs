using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Responses;

/// <summary>
/// Writes a response as clients see it: OpenAI's <c>Response</c> with every member, then the reference's members that OpenAI's do not
/// include (<c>created</c>, <c>stream</c>, <c>conversation_id</c>, the times, <c>tool_executions</c>, <c>execution_metadata</c>).
/// Credentials of MCP servers are left out.
/// </summary>
internal static class ResponseResource
{
    /// <summary>The response as UTF-8 JSON.</summary>
    public static byte[] ToJson(Response response)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            Write(json, response);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the response as one object.</summary>
    public static void Write(Utf8JsonWriter json, Response response)
    {
        var (request, progress) = (response.Request, response.Progress);
        json.WriteStartObject();
        json.WriteString("id"u8, response.Id.ToString());
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, response.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("status"u8, progress.Status);
        json.WriteBoolean("background"u8, request.Background);
        WriteTime(json, "completed_at", progress.Status == "completed" ? progress.EndedAt : null);
        WriteError(json, progress.Error);
        WriteIncomplete(json, progress);
        json.WriteString("instructions"u8, request.Instructions);
        WriteNumber(json, "max_output_tokens", request.MaxOutputTokens);
        WriteNumber(json, "max_tool_calls", request.MaxToolCalls);
        json.WriteString("model"u8, request.Model);
        WriteOutput(json, progress);
        json.WriteBoolean("parallel_tool_calls"u8, request.ParallelToolCalls);
        json.WriteString("previous_response_id"u8, request.PreviousResponseId);
        WriteConversation(json, response.ConversationId);
        WriteOptions(json, request);
        WriteUsage(json, progress);
        WriteReference(json, response);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, RunError? error)
    {
        if (error is null)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter json, RunProgress progress)
    {
        if (progress.Status != "incomplete")
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, progress.IncompleteReason);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, RunProgress progress)
    {
        json.WriteStartArray("output"u8);
        foreach (var item in progress.Output)
        {
            item.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static void WriteConversation(Utf8JsonWriter json, string? id)
    {
        if (id is null)
        {
            json.WriteNull("conversation"u8);
            return;
        }

        json.WriteStartObject("conversation"u8);
        json.WriteString("id"u8, id);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, ResponseRequest request)
    {
        json.WriteStartObject("reasoning"u8);
        json.WriteString("effort"u8, request.Reasoning.Effort);
        json.WriteString("summary"u8, request.Reasoning.Summary);
        json.WriteEndObject();
        json.WriteString("service_tier"u8, "default"u8);
        json.WriteBoolean("store"u8, request.Store);
        json.WriteNumber("temperature"u8, request.Temperature ?? 1.0);
        WriteText(json, request.Text);
        WriteChoice(json, request.ToolChoice);
        WriteTools(json, request.Tools);
        json.WriteNumber("top_logprobs"u8, request.TopLogprobs ?? 0);
        json.WriteNumber("top_p"u8, request.TopP ?? 1.0);
        json.WriteNumber("presence_penalty"u8, 0);
        json.WriteNumber("frequency_penalty"u8, 0);
        json.WriteString("truncation"u8, request.Truncate ? "auto"u8 : "disabled"u8);
        if (request.User is { } user)
        {
            // OpenAI's schema has it as a string only.
            json.WriteString("user"u8, user);
        }

        json.WriteString("safety_identifier"u8, request.SafetyIdentifier);
        json.WriteString("prompt_cache_key"u8, request.PromptCacheKey);
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in request.Metadata)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, TextRequest text)
    {
        json.WriteStartObject("text"u8);
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, text.Type);
        if (text.Schema is { } schema)
        {
            json.WriteString("name"u8, text.Name);
            json.WriteString("description"u8, text.Description);
            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            json.WriteBoolean("strict"u8, text.Strict ?? false);
        }

        json.WriteEndObject();
        json.WriteString("verbosity"u8, text.Verbosity ?? "medium");
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoiceRequest choice)
    {
        if (choice.Raw is not { } raw)
        {
            json.WriteString("tool_choice"u8, "auto"u8);
            return;
        }

        json.WritePropertyName("tool_choice"u8);
        raw.WriteTo(json);
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<JsonElement> tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            foreach (var member in tool.EnumerateObject())
            {
                if (!member.NameEquals("authorization"u8) && !member.NameEquals("headers"u8))
                {
                    member.WriteTo(json);
                }
            }

            // OpenAI's and open-responses' functions always say these; generated clients rely on it.
            if (tool.TypeOf() == "function")
            {
                WriteMissing(json, tool, "description");
                WriteMissing(json, tool, "strict");
                WriteMissing(json, tool, "parameters");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMissing(Utf8JsonWriter json, JsonElement tool, string name)
    {
        if (!tool.TryGetProperty(name, out _))
        {
            json.WriteNull(name);
        }
    }

    private static void WriteUsage(Utf8JsonWriter json, RunProgress progress)
    {
        if (progress.ModelCalls == 0 || progress.Status is "queued" or "in_progress")
        {
            json.WriteNull("usage"u8);
            return;
        }

        var usage = progress.Usage;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedTokens);
        json.WriteNumber("cache_write_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteNumber("prompt_tokens"u8, usage.InputTokens);
        json.WriteNumber("completion_tokens"u8, usage.OutputTokens);
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, Response response)
    {
        var progress = response.Progress;
        json.WriteNumber("created"u8, response.CreatedAt.ToUnixTimeSeconds());
        json.WriteBoolean("stream"u8, response.Request.Stream);
        if (response.ConversationId is { } conversation)
        {
            json.WriteString("conversation_id"u8, conversation);
        }

        WriteTime(json, "queued_at", response.QueuedAt);
        WriteTime(json, "started_at", progress.StartedAt);
        WriteTime(json, "failed_at", progress.Status == "failed" ? progress.EndedAt : null);
        WriteTime(json, "cancelled_at", progress.Status == "cancelled" ? progress.EndedAt : null);
        json.WriteStartArray("tool_executions"u8);
        foreach (var execution in progress.Executions)
        {
            WriteExecution(json, execution);
        }

        json.WriteEndArray();
        json.WriteStartObject("execution_metadata"u8);
        json.WriteNumber("model_calls"u8, progress.ModelCalls);
        json.WriteNumber("tool_calls"u8, progress.Executions.Count);
        WriteNumber(json, "duration_ms", progress is { StartedAt: { } from, EndedAt: { } to } ? (long)(to - from).TotalMilliseconds : null);
        json.WriteEndObject();
    }

    private static void WriteExecution(Utf8JsonWriter json, ToolExecution execution)
    {
        json.WriteStartObject();
        json.WriteString("call_id"u8, execution.CallId);
        json.WriteString("item_id"u8, execution.ItemId);
        json.WriteString("tool_name"u8, execution.ToolName);
        json.WriteString("arguments"u8, execution.Arguments);
        json.WriteNumber("execution_order"u8, execution.Order);
        json.WriteString("status"u8, execution.Status);
        if (execution.Result is { ValueKind: not JsonValueKind.Undefined } result)
        {
            json.WritePropertyName("result"u8);
            result.WriteTo(json);
        }
        else
        {
            json.WriteString("result"u8, execution.ModelText);
        }

        json.WriteString("error_message"u8, execution.Error);
        json.WriteNumber("started_at"u8, execution.StartedAt.ToUnixTimeSeconds());
        WriteTime(json, "completed_at", execution.CompletedAt);
        WriteNumber(json, "duration_ms", execution.CompletedAt is { } ended ? (long)(ended - execution.StartedAt).TotalMilliseconds : null);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) => WriteNumber(json, name, time?.ToUnixTimeSeconds());

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
            return;
        }

        json.WriteNull(name);
    }
}
