using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Protocol;

/// <summary>How the MCP server faces its clients. Bound from <c>McpServer</c>.</summary>
internal sealed class ProtocolOptions
{
    /// <summary>Where clients reach the gateway. MCP is at <c>/mcp</c> below it.</summary>
    [Required]
    public Uri PublicUrl { get; set; } = new("http://localhost:8000");

    /// <summary>Origins of web pages that may call besides that of <see cref="PublicUrl"/> and of this machine, such as <c>https://chat.example.org</c>.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The scopes that a client asks the identity provider for when a user signs in, separated by spaces.</summary>
    [Required]
    public string SignInScopes { get; set; } = "openid profile email";

    /// <summary>The largest message in bytes: 1 KiB to 256 MiB, 24 MiB unless told (images are sent as Base64).</summary>
    [Range(1 << 10, 256 << 20)]
    public long MaxBodyBytes { get; set; } = 24 << 20;

    /// <summary>How many messages a batch of revision 2025-03-26 may have: 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxBatch { get; set; } = 20;

    /// <summary>How many tools, prompts or resources one page of a list has: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int PageSize { get; set; } = 200;

    /// <summary>How long one request may run, in seconds: 1 to 3600. Streams of notifications are not requests in this sense.</summary>
    [Range(1, 3600)]
    public int RequestSeconds { get; set; } = 600;

    /// <summary>After how many seconds of silence a stream gets a comment, so that no proxy takes it for dead: 1 to 120.</summary>
    [Range(1, 120)]
    public int KeepAliveSeconds { get; set; } = 15;

    /// <summary>How long a stream of notifications is kept open, in seconds: 60 to 86400. Clients open it again.</summary>
    [Range(60, 86_400)]
    public int StreamSeconds { get; set; } = 3600;

    /// <summary>How many streams of notifications a user may have open on one replica: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxStreamsPerUser { get; set; } = 20;

    /// <summary>After how many hours without a request a session ends: 1 to 720.</summary>
    [Range(1, 720)]
    public int SessionHours { get; set; } = 24;

    /// <summary>How many sessions a user may have; beyond, the one used least lately ends: 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxSessionsPerUser { get; set; } = 200;

    /// <summary>How long a client may take to answer a question of a tool, in seconds: 1 to 3600.</summary>
    [Range(1, 3600)]
    public int QuestionSeconds { get; set; } = 300;
}

[OptionsValidator]
internal sealed partial class ProtocolOptionsValidator : IValidateOptions<ProtocolOptions>;
