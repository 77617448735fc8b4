using System.Collections.Frozen;
using System.Text.Json;

namespace JanServer.LlmApi.Requests;

/// <summary>The request members that are checked or rewritten; every other one is forwarded untouched.</summary>
internal enum Member
{
    Unknown,
    Model,
    Messages,
    Prompt,
    Input,
    Temperature,
    TopP,
    N,
    BestOf,
    MaxTokens,
    Penalty,
    Penalty2,
    Logprobs,
    TopLogprobs,
    Stop,
    Stream,
    StreamOptions,
    Tools,
    ToolChoice,
    ParallelToolCalls,
    ResponseFormat,
    Seed,
    LogitBias,
    User,
    Metadata,
    MaxCompletionTokens,
    ReasoningEffort,
    Suffix,
    Echo,
    EncodingFormat,
    Dimensions,
    TopK,
    RepetitionPenalty,
    Conversation,
    Store,
    StoreReasoning,
    DeepResearch,
    EnableThinking,
    Image,
    DisableModules,
    Truncation,
}

internal static class Members
{
    // Members of ours, which no upstream knows: never forwarded.
    public static bool IsOurs(Member member) => member >= Member.Conversation;

    private static readonly FrozenDictionary<string, Member>.AlternateLookup<ReadOnlySpan<char>> ByName = new Dictionary<string, Member>
    {
        ["model"] = Member.Model,
        ["messages"] = Member.Messages,
        ["prompt"] = Member.Prompt,
        ["input"] = Member.Input,
        ["temperature"] = Member.Temperature,
        ["top_p"] = Member.TopP,
        ["n"] = Member.N,
        ["best_of"] = Member.BestOf,
        ["max_tokens"] = Member.MaxTokens,
        ["max_completion_tokens"] = Member.MaxCompletionTokens,
        ["presence_penalty"] = Member.Penalty,
        ["frequency_penalty"] = Member.Penalty2,
        ["logprobs"] = Member.Logprobs,
        ["top_logprobs"] = Member.TopLogprobs,
        ["stop"] = Member.Stop,
        ["stream"] = Member.Stream,
        ["stream_options"] = Member.StreamOptions,
        ["tools"] = Member.Tools,
        ["tool_choice"] = Member.ToolChoice,
        ["parallel_tool_calls"] = Member.ParallelToolCalls,
        ["response_format"] = Member.ResponseFormat,
        ["seed"] = Member.Seed,
        ["logit_bias"] = Member.LogitBias,
        ["user"] = Member.User,
        ["metadata"] = Member.Metadata,
        ["reasoning_effort"] = Member.ReasoningEffort,
        ["top_k"] = Member.TopK,
        ["repetition_penalty"] = Member.RepetitionPenalty,
        ["suffix"] = Member.Suffix,
        ["echo"] = Member.Echo,
        ["encoding_format"] = Member.EncodingFormat,
        ["dimensions"] = Member.Dimensions,
        ["conversation"] = Member.Conversation,
        ["store"] = Member.Store,
        ["store_reasoning"] = Member.StoreReasoning,
        ["deep_research"] = Member.DeepResearch,
        ["enable_thinking"] = Member.EnableThinking,
        ["image"] = Member.Image,
        ["disable_modules"] = Member.DisableModules,
        ["truncation"] = Member.Truncation,
    }.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private const int LongestName = 32;

    /// <summary>Which member the current property name is; escapes in it do not hide it.</summary>
    public static Member Of(ref readonly Utf8JsonReader json)
    {
        // A name that fits decoded may be six times as long escaped (\u0061).
        if (json.ValueSpan.Length > LongestName * 6)
        {
            return Member.Unknown;
        }

        Span<char> name = stackalloc char[LongestName * 6];
        var length = json.CopyString(name);
        return ByName.TryGetValue(name[..length], out var member) ? member : Member.Unknown;
    }
}
