using System.Text.Json;
using JanServer.Inference.Requests;

namespace JanServer.Inference.Chat;

/// <summary>
/// Reads a chat completion request; every bad field is reported by its path. Fields this engine does not know are ignored.
/// </summary>
internal static class ChatRequestReader
{
    public static ChatRequest Read(JsonElement json, Problems problems)
    {
        var body = Fields.Of(json, problems);
        var model = body.RequiredText("model");
        var messages = MessageReader.Read(body, problems);
        MessageReader.CheckToolMessages(messages, problems);
        var tools = ToolReader.Tools(body, problems);
        var choice = ToolReader.Choice(body, tools, problems);
        var sampling = SamplingReader.Read(body, problems);
        RefuseWhatIsNotOffered(body, problems);
        return new(
            model,
            messages,
            tools,
            choice,
            body.Flag("parallel_tool_calls", otherwise: true),
            Format(body, problems),
            sampling);
    }

    private static void RefuseWhatIsNotOffered(Fields body, Problems problems)
    {
        if (body.Flag("logprobs", otherwise: false))
        {
            problems.Invalid("logprobs", "'logprobs' is not offered: this model follows rules and has no probabilities.");
        }

        if (body.Integer("top_logprobs", 0, 20) is > 0)
        {
            problems.Invalid("top_logprobs", "'top_logprobs' is not offered: this model follows rules and has no probabilities.");
        }

        foreach (var (old, current) in new[] { ("functions", "tools"), ("function_call", "tool_choice") })
        {
            if (body.Has(old))
            {
                problems.Invalid(old, $"'{old}' is the old form: use '{current}'.");
            }
        }

        if (body.Has("audio"))
        {
            problems.Invalid("audio", "'audio' is not offered: this model answers with text.");
        }

        if (body.Find("modalities") is { } modalities
            && (modalities.ValueKind != JsonValueKind.Array
                || modalities.EnumerateArray().Any(m => m.ValueKind != JsonValueKind.String || !m.ValueEquals("text"u8))))
        {
            problems.Invalid("modalities", "'modalities' may only be [\"text\"].");
        }
    }

    private static ResponseFormat Format(Fields body, Problems problems)
    {
        var text = new ResponseFormat(FormatKind.Text, null);
        if (body.Object("response_format") is not { } format)
        {
            return text;
        }

        switch (format.RequiredText("type"))
        {
            case "text":
                return text;
            case "json_object":
                return new(FormatKind.JsonObject, null);
            case "json_schema":
                return Schema(format, problems) ?? text;
            default:
                problems.Invalid("response_format.type", "'response_format.type' must be text, json_object or json_schema.");
                return text;
        }
    }

    private static ResponseFormat? Schema(Fields format, Problems problems)
    {
        if (format.Object("json_schema") is not { } wrapper)
        {
            problems.Missing("response_format.json_schema");
            return null;
        }

        wrapper.RequiredText("name");
        wrapper.Flag("strict", otherwise: false);
        if (!wrapper.Has("schema"))
        {
            problems.Missing("response_format.json_schema.schema");
        }

        return wrapper.Object("schema") is { } schema ? new(FormatKind.JsonSchema, schema.Json) : null;
    }
}
