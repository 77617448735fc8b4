using System.Collections.Frozen;
using System.Text.Json;

namespace JanServer.ResponseApi.Requests;

/// <summary>The body of <c>POST /v1/responses</c>, checked.</summary>
internal sealed class ResponseRequest
{
    /// <summary>As the client sent it; kept with a stored response and read again by whoever continues.</summary>
    public required JsonElement Body { get; init; }

    public required string Model { get; init; }

    public bool Stream { get; init; }

    public bool Background { get; init; }

    /// <summary>Whether it can be retrieved later. True unless told.</summary>
    public bool Store { get; init; } = true;

    public string? PreviousResponseId { get; init; }

    /// <summary>The value of <c>conversation</c>, or its <c>id</c>.</summary>
    public string? Conversation { get; init; }

    /// <summary>As sent: a string, an array of items, or the reference's single message. Null only beside a conversation or a previous response.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What the model is told first; of this request only, never of the previous response.</summary>
    public string? Instructions { get; init; }

    /// <summary>The most tokens that all model calls together may generate, reasoning included.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The most calls of tools that run here.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Whether the model may ask for several calls at once, and whether they run at the same time.</summary>
    public bool ParallelToolCalls { get; init; } = true;

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    /// <summary>0 to 20.</summary>
    public int? TopLogprobs { get; init; }

    public ReasoningRequest Reasoning { get; init; } = new(null, null);

    public TextRequest Text { get; init; } = new("text");

    /// <summary>Each with a <c>type</c>. A function in the form of chat completions is here in that of responses.</summary>
    public IReadOnlyList<JsonElement> Tools { get; init; } = [];

    public ToolChoiceRequest ToolChoice { get; init; } = ToolChoiceRequest.Auto;

    /// <summary>Whether the oldest turns go when the model's context is exceeded; else that is an error.</summary>
    public bool Truncate { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>OpenAI's names of what is shown beside the usual.</summary>
    public IReadOnlySet<string> Include { get; init; } = FrozenSet<string>.Empty;

    public string? ServiceTier { get; init; }

    /// <summary>The client's own name of its user. Says nothing about who is calling.</summary>
    public string? User { get; init; }

    public string? SafetyIdentifier { get; init; }

    public string? PromptCacheKey { get; init; }

    /// <summary>Whether log probabilities of the text are shown.</summary>
    public bool ShowsLogprobs => TopLogprobs > 0 || Include.Contains(Includes.Logprobs);
}

/// <summary>The member <c>reasoning</c>.</summary>
/// <param name="Effort"><c>none</c> to <c>max</c>; null for the model's own.</param>
/// <param name="Summary"><c>auto</c>, <c>concise</c> or <c>detailed</c>: reasoning is shown as a summary.</param>
internal sealed record ReasoningRequest(string? Effort, string? Summary);

/// <summary>The member <c>text</c>.</summary>
/// <param name="Type"><c>text</c>, <c>json_object</c> or <c>json_schema</c>; the members after it are those of a schema.</param>
internal sealed record TextRequest(string Type, string? Name = null, string? Description = null, JsonElement? Schema = null, bool? Strict = null)
{
    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>; null for the model's own.</summary>
    public string? Verbosity { get; init; }
}

/// <summary>Values of <c>include</c>.</summary>
internal static class Includes
{
    public const string FileSearchResults = "file_search_call.results";
    public const string WebSearchResults = "web_search_call.results";
    public const string WebSearchSources = "web_search_call.action.sources";
    public const string CodeOutputs = "code_interpreter_call.outputs";
    public const string EncryptedReasoning = "reasoning.encrypted_content";
    public const string Logprobs = "message.output_text.logprobs";

    /// <summary>All that are accepted.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        FileSearchResults,
        WebSearchResults,
        WebSearchSources,
        CodeOutputs,
        EncryptedReasoning,
        Logprobs,
        "message.input_image.image_url",
        "computer_call_output.output.image_url");
}
