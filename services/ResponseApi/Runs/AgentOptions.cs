using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Runs;

/// <summary>
/// Limits of the loop of model and tools. Bound from <c>Agent</c>; <c>RESPONSE_MAX_TOOL_DEPTH</c> and <c>TOOL_EXECUTION_TIMEOUT</c> are
/// read too (<see cref="AgentEnvironment"/>).
/// </summary>
public sealed class AgentOptions
{
    /// <summary>How many rounds of tool calls a response may have. A model that asks for one more gets to answer without tools.</summary>
    [Range(1, 1000)]
    public int MaxToolDepth { get; set; } = 16;

    /// <summary>How long one tool call may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "24:00:00")]
    public TimeSpan ToolTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a response may use tools, from its start. After that the model gets to answer without them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "7.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the last answer may take after <see cref="TimeLimit"/>, before the response fails.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "24:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many calls of one response run at the same time.</summary>
    [Range(1, 64)]
    public int MaxParallelCalls { get; set; } = 4;

    /// <summary>How often the same call with the same arguments is made. The next is refused with a word to the model, and the one after it ends the use of tools.</summary>
    [Range(1, 100)]
    public int RepeatedCalls { get; set; } = 3;

    /// <summary>The most tokens (o200k) of one result that the model is shown.</summary>
    [Range(100, 10_000_000)]
    public int MaxResultTokens { get; set; } = 16_000;

    /// <summary>How many calls of one answer are made; the rest are refused.</summary>
    [Range(1, 1000)]
    public int MaxCallsPerAnswer { get; set; } = 32;
}

[OptionsValidator]
internal sealed partial class AgentOptionsValidator : IValidateOptions<AgentOptions>;
