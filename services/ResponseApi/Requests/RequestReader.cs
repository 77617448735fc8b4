using System.Collections.Frozen;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Requests;

/// <summary>
/// Checks the body of <c>POST /v1/responses</c> (OpenAI's <c>CreateResponse</c>, and the members of the reference: <c>system_prompt</c>,
/// <c>max_tokens</c>, tools and tool choice in the form of chat completions). Members that nobody knows are ignored, as OpenAI does with
/// those of its own future. The shape of tools beyond their <c>type</c> is for whoever binds them.
/// </summary>
internal static class RequestReader
{
    private const int MaxTools = 128;
    private const int MaxMetadata = 16;
    private const int MaxMetadataName = 64;
    private const int MaxMetadataValue = 512;
    private const int MaxIdLength = 128;

    /// <summary>The request, or what is wrong with it: a 400 that names the path of the field.</summary>
    public static (ResponseRequest? Request, ApiError? Error) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The request body must be a JSON object."));
        }

        try
        {
            return ReadObject(body);
        }
        catch (InvalidOperationException)
        {
            return (null, new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The request body holds text that is not valid Unicode."));
        }
    }

    private static (ResponseRequest? Request, ApiError? Error) ReadObject(JsonElement body)
    {
        var fields = new FieldReader(body);
        var tools = ReadTools(fields);
        var request = new ResponseRequest
        {
            Body = body,
            Model = fields.NeedText("model", most: 256),
            Stream = fields.Flag("stream") ?? false,
            Background = fields.Flag("background") ?? false,
            Store = fields.Flag("store") ?? true,
            PreviousResponseId = fields.Text("previous_response_id", 1, MaxIdLength),
            Conversation = ReadConversation(fields),
            Input = fields.Find("input"),
            Instructions = fields.Text("instructions") ?? fields.Text("system_prompt"),
            MaxOutputTokens = fields.Integer("max_output_tokens", 1) ?? fields.Integer("max_tokens", 1),
            MaxToolCalls = fields.Integer("max_tool_calls", 1),
            ParallelToolCalls = fields.Flag("parallel_tool_calls") ?? true,
            Temperature = fields.Number("temperature", 0, 2),
            TopP = fields.Number("top_p", 0, 1),
            TopLogprobs = fields.Integer("top_logprobs", 0, 20),
            Reasoning = ReadReasoning(fields),
            Text = TextFormatReader.Read(fields),
            Tools = tools,
            ToolChoice = ToolChoiceReader.Read(fields, tools),
            Truncate = fields.Choice("truncation", "auto", "disabled") == "auto",
            Metadata = ReadMetadata(fields),
            Include = ReadInclude(fields),
            ServiceTier = fields.Choice("service_tier", "auto", "default", "flex", "scale", "priority", "fast", "ultrafast"),
            User = fields.Text("user", most: 512),
            SafetyIdentifier = fields.Text("safety_identifier", most: 64),
            PromptCacheKey = fields.Text("prompt_cache_key", most: 512),
        };
        CheckWhole(fields, request);
        return fields.Error is { } error ? (null, error) : (request, null);
    }

    private static void CheckWhole(FieldReader fields, ResponseRequest request)
    {
        fields.Object("stream_options")?.Flag("include_obfuscation");
        if (fields.Has("prompt"))
        {
            fields.Fail("prompt", "This server has no stored prompts; send 'instructions' and 'input'.");
        }

        if (request.PreviousResponseId is not null && request.Conversation is not null)
        {
            fields.Fail("previous_response_id", "It cannot be used together with 'conversation'.");
        }

        if (request.PreviousResponseId is null && request.Conversation is null)
        {
            if (request.Input is null)
            {
                fields.Fail(ApiError.Missing("input"));
            }
            else if (request.Input is { ValueKind: JsonValueKind.Array } items && items.GetArrayLength() == 0)
            {
                fields.Fail("input", "It must hold at least one item, unless there is a conversation or a previous response.");
            }
        }

        if (request is { Background: true, Store: false })
        {
            fields.Fail("background", "Background mode requires store=true.");
        }

        // The items are read again where they get their ids; here only what is wrong with them counts.
        if (fields.Error is null && InputReader.Check(request.Input) is { } error)
        {
            fields.Fail(error);
        }
    }

    private static string? ReadConversation(FieldReader fields) => fields.Find("conversation") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } => fields.Object("conversation")!.NeedText("id", most: MaxIdLength),
        { ValueKind: JsonValueKind.String } => fields.Text("conversation", 1, MaxIdLength),
        _ => Invalid(fields, "conversation", "It must be the id of a conversation, or an object with its id."),
    };

    private static string? Invalid(FieldReader fields, string name, string message)
    {
        fields.Fail(name, message);
        return null;
    }

    private static ReasoningRequest ReadReasoning(FieldReader fields)
    {
        if (fields.Object("reasoning") is not { } reasoning)
        {
            return new(null, null);
        }

        return new(
            reasoning.Choice("effort", "none", "minimal", "low", "medium", "high", "xhigh", "max"),
            reasoning.Choice("summary", "auto", "concise", "detailed") ?? reasoning.Choice("generate_summary", "auto", "concise", "detailed"));
    }

    private static List<JsonElement> ReadTools(FieldReader fields)
    {
        var tools = new List<JsonElement>();
        foreach (var element in fields.Array("tools", MaxTools))
        {
            var tool = fields.Element(element);
            if (tool.NeedText("type", most: 64) == "function" && tool.Object("function") is { } nested && !tool.Has("name"))
            {
                tools.Add(Flatten(nested.Value));
                continue;
            }

            tools.Add(element.Value);
        }

        return tools;
    }

    /// <summary>The function of a tool in the form of chat completions, in the form of responses.</summary>
    private static JsonElement Flatten(JsonElement function) => ItemJson.Build(json =>
    {
        json.WriteString("type"u8, "function"u8);
        if (function.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in function.EnumerateObject().Where(member => !member.NameEquals("type"u8)))
            {
                member.WriteTo(json);
            }
        }
    });

    private static IReadOnlyDictionary<string, string> ReadMetadata(FieldReader fields)
    {
        if (fields.Object("metadata") is not { Value.ValueKind: JsonValueKind.Object } metadata)
        {
            return FrozenDictionary<string, string>.Empty;
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in metadata.Value.EnumerateObject())
        {
            if (member.Name.Length is 0 or > MaxMetadataName || member.Name.Contains('\0', StringComparison.Ordinal))
            {
                fields.Fail("metadata", $"Its names must be 1 to {MaxMetadataName} characters long and hold no NUL.");
            }
            else if (metadata.Text(member.Name, most: MaxMetadataValue) is { } value)
            {
                read[member.Name] = value;
            }
            else
            {
                metadata.Fail(member.Name, "It must be a string.");
            }
        }

        if (read.Count > MaxMetadata)
        {
            fields.Fail("metadata", $"It must have at most {MaxMetadata} members.");
        }

        return read;
    }

    private static FrozenSet<string> ReadInclude(FieldReader fields)
    {
        var include = new List<string>();
        foreach (var (value, path) in fields.Array("include", 32))
        {
            if (value.ValueKind == JsonValueKind.String && Includes.All.Contains(value.GetString()!))
            {
                include.Add(value.GetString()!);
                continue;
            }

            fields.Fail(ApiError.Invalid(path, $"It must be one of {string.Join(", ", Includes.All.Order(StringComparer.Ordinal))}."));
        }

        return include.ToFrozenSet(StringComparer.Ordinal);
    }
}
