using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Tools;

/// <summary>The tools of responses. Bound from <c>Tools</c>.</summary>
public sealed class ToolsOptions
{
    /// <summary>
    /// What a request without <c>tools</c> is offered: nothing, as OpenAI has it (false), or every tool of mcp-tools, as the reference
    /// has it (true). An empty array is nothing either way.
    /// </summary>
    public bool DefaultFromMcpTools { get; set; }

    /// <summary>How long a caller's list of tools is believed, in seconds: 0 to 300.</summary>
    [Range(0, 300)]
    public int ListCacheSeconds { get; set; } = 10;

    /// <summary>How many callers' lists are kept: 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int ListCacheCapacity { get; set; } = 1000;

    /// <summary>Seconds to list the tools of mcp-tools: 1 to 60.</summary>
    [Range(1, 60)]
    public int ListTimeoutSeconds { get; set; } = 10;
}

[OptionsValidator]
internal sealed partial class ToolsOptionsValidator : IValidateOptions<ToolsOptions>;
