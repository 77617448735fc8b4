using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Chat;

/// <summary>What one model call is asked beside the request.</summary>
/// <param name="Instructions">The system message, or null.</param>
/// <param name="Items">All that the model is shown, oldest first.</param>
/// <param name="Functions">The functions it is offered.</param>
/// <param name="ToolMode"><c>auto</c>, <c>none</c> or <c>required</c>; required with one function forces that one.</param>
/// <param name="MaxTokens">The most it may generate; null for its own limit.</param>
internal sealed record ChatCall(
    string? Instructions, IReadOnlyList<ContextItem> Items, IReadOnlyList<ModelFunction> Functions, string ToolMode, long? MaxTokens);

/// <summary>Writes the body of a request to llm-api.</summary>
internal static class ChatRequestWriter
{
    public static ReadOnlyMemory<byte> Write(ResponseRequest request, ChatCall call)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, request.Model);
            json.WritePropertyName("messages"u8);
            ChatMessages.Write(json, call.Instructions, call.Items);
            json.WriteBoolean("stream"u8, true);
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();

            // The turn is this service's to keep.
            json.WriteBoolean("store"u8, false);

            // llm-api knows the model's context and drops whole turns, the oldest first, never a result without its call.
            json.WriteString("truncation"u8, request.Truncate ? "auto"u8 : "disabled"u8);
            WriteTools(json, request, call);
            WriteOptions(json, request, call);
            WriteFormat(json, request.Text);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteTools(Utf8JsonWriter json, ResponseRequest request, ChatCall call)
    {
        if (call.Functions.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var function in call.Functions)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, function.Name);
            if (function.Description is { } description)
            {
                json.WriteString("description"u8, description);
            }

            json.WritePropertyName("parameters"u8);
            function.Parameters.WriteTo(json);
            if (function.Strict is { } strict)
            {
                json.WriteBoolean("strict"u8, strict);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (call is { ToolMode: "required", Functions: [var only] })
        {
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, only.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (call.ToolMode != "auto")
        {
            json.WriteString("tool_choice"u8, call.ToolMode);
        }

        if (!request.ParallelToolCalls)
        {
            json.WriteBoolean("parallel_tool_calls"u8, false);
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, ResponseRequest request, ChatCall call)
    {
        if (call.MaxTokens is { } most)
        {
            json.WriteNumber("max_completion_tokens"u8, most);
        }

        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, temperature);
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p"u8, topP);
        }

        if (request.ShowsLogprobs)
        {
            json.WriteBoolean("logprobs"u8, true);
            json.WriteNumber("top_logprobs"u8, request.TopLogprobs ?? 0);
        }

        if (request.Reasoning.Effort == "none")
        {
            json.WriteBoolean("enable_thinking"u8, false);
        }
        else if (request.Reasoning.Effort is { } effort)
        {
            json.WriteString("reasoning_effort"u8, effort);
        }

        WriteText(json, "verbosity", request.Text.Verbosity);
        WriteText(json, "user", request.User);
        WriteText(json, "safety_identifier", request.SafetyIdentifier);
        WriteText(json, "prompt_cache_key", request.PromptCacheKey);
    }

    private static void WriteFormat(Utf8JsonWriter json, TextRequest text)
    {
        if (text.Type == "text")
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, text.Type);
        if (text.Schema is { } schema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, text.Name);
            WriteText(json, "description", text.Description);
            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            if (text.Strict is { } strict)
            {
                json.WriteBoolean("strict"u8, strict);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
