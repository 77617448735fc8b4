using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.RemoteServers;

/// <summary>MCP servers that requests name by URL. Bound from <c>RemoteServers</c>. Where they may be is said by <c>Outbound</c>.</summary>
public sealed class RemoteServerOptions
{
    /// <summary>Seconds to connect to a server and list its tools: 1 to 120.</summary>
    [Range(1, 120)]
    public int ListTimeoutSeconds { get; set; } = 15;

    /// <summary>Seconds for a call: 1 to 3600. The loop's own limit holds too.</summary>
    [Range(1, 3600)]
    public int CallTimeoutSeconds { get; set; } = 300;

    /// <summary>The largest answer of a server in bytes, decompressed: 1 KiB to 256 MiB.</summary>
    [Range(1 << 10, 256 << 20)]
    public long MaxAnswerBytes { get; set; } = 16 << 20;

    /// <summary>How many tools of one server are offered: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxTools { get; set; } = 256;

    /// <summary>How many servers a request may name: 1 to 128.</summary>
    [Range(1, 128)]
    public int MaxServers { get; set; } = 16;

    /// <summary>How many headers a request may give for a server: 0 to 100.</summary>
    [Range(0, 100)]
    public int MaxHeaders { get; set; } = 32;

    /// <summary>Whether a server may be named with <c>http</c>, over which its credentials go in the clear.</summary>
    public bool AllowHttp { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class RemoteServerOptionsValidator : IValidateOptions<RemoteServerOptions>;
