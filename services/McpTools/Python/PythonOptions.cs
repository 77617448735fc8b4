using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Python;

/// <summary>How <c>python_exec</c> runs code. Bound from <c>McpTools:Python</c>.</summary>
public sealed class PythonOptions
{
    /// <summary>Whether the tool may be used at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether every call must say that the user agreed to it (<c>approved: true</c>).</summary>
    public bool RequireApproval { get; set; }

    /// <summary>The address of the sandbox; unless told, that of the service <c>sandboxfusion</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// Whether the sandbox is told by a caller token for whom it runs code, which our own needs. SandboxFusion must not get one: code
    /// that runs there may read it.
    /// </summary>
    public bool ForwardCaller { get; set; }

    /// <summary>Seconds that code may take when the call does not say: 1 to 3600.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>The most seconds that a call may ask for: 1 to 3600. The gateway waits for a minute.</summary>
    [Range(1, 3600)]
    public int MaxTimeoutSeconds { get; set; } = 50;

    /// <summary>Seconds beside those of the code that the sandbox may take to answer, most of them for waiting in its queue: 1 to 600.</summary>
    [Range(1, 600)]
    public int WaitSeconds { get; set; } = 35;

    /// <summary>The longest output of each stream that is returned, in characters: 200 to 1000000. The middle of what is longer is left out.</summary>
    [Range(200, 1_000_000)]
    public int MaxOutputChars { get; set; } = 20_000;

    /// <summary>The largest file that is returned in the result itself, in bytes: 0 to 10 MiB.</summary>
    [Range(0, 10 << 20)]
    public int MaxInlineBytes { get; set; } = 32 << 10;

    /// <summary>How large the files together may be that are returned in the result itself, in bytes: 0 to 50 MiB.</summary>
    [Range(0, 50 << 20)]
    public int MaxInlineTotalBytes { get; set; } = 128 << 10;

    /// <summary>How large the files of a call may be together, in bytes: 0 to 256 MiB.</summary>
    [Range(0, 256 << 20)]
    public int MaxInputBytes { get; set; } = 8 << 20;

    internal TimeSpan Wait => TimeSpan.FromSeconds(WaitSeconds);
}

[OptionsValidator]
internal sealed partial class PythonOptionsValidator : IValidateOptions<PythonOptions>;
