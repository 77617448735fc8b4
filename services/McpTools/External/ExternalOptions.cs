using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External;

/// <summary>External MCP servers: whom they may be registered by, and what they may take. Bound from <c>ExternalServers</c>.</summary>
public sealed class ExternalOptions
{
    /// <summary>Where browsers reach the gateway; the redirect URI of sign-ins begins with it. Without it nobody can sign in to a server.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Whether users may register servers for themselves.</summary>
    public bool UsersMayRegister { get; set; } = true;

    /// <summary>How many servers a user may have in a project: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxServersPerUser { get; set; } = 20;

    /// <summary>How many servers administrators may register: 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxAdminServers { get; set; } = 200;

    /// <summary>
    /// Hosts that servers of administrators and of the configuration may be on whatever their address; servers of users may not, see
    /// <c>Outbound:AllowedHosts</c>.
    /// </summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Servers of the operator by label, such as <c>ExternalServers:Servers:github:Url</c>.</summary>
    public IDictionary<string, ConfiguredServerOptions> Servers { get; init; } = new Dictionary<string, ConfiguredServerOptions>(StringComparer.Ordinal);

    /// <summary>Programs that are run as servers.</summary>
    public StdioOptions Stdio { get; init; } = new();

    /// <summary>Seconds to connect and to list tools: 1 to 120.</summary>
    [Range(1, 120)]
    public int ConnectSeconds { get; set; } = 20;

    /// <summary>Seconds that a connection is kept without a call: 5 to 3600.</summary>
    [Range(5, 3600)]
    public int IdleSeconds { get; set; } = 600;

    /// <summary>How many connections a replica keeps: 1 to 10000. Idle ones make room; when all are busy a call is refused.</summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = 256;

    /// <summary>How many calls of one server run at once on a replica: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxCallsPerServer { get; set; } = 8;

    /// <summary>How many calls of one server wait for their turn on a replica, as part of their time: 0 to 10000. More are refused.</summary>
    [Range(0, 10_000)]
    public int MaxWaitingPerServer { get; set; } = 64;

    /// <summary>The largest message of a server in bytes, decompressed: 1 KiB to 256 MiB.</summary>
    [Range(1 << 10, 256 << 20)]
    public int MaxMessageBytes { get; set; } = 10 << 20;

    /// <summary>How many tools of a server are read: 1 to 5000.</summary>
    [Range(1, 5000)]
    public int MaxTools { get; set; } = 500;

    /// <summary>How much of a server's tool list is kept, in characters of JSON: 1 Ki to 16 Mi. Tools beyond are left out.</summary>
    [Range(1 << 10, 16 << 20)]
    public int MaxListLength { get; set; } = 1 << 20;

    /// <summary>Seconds between looks at a server's tools, more or less a tenth: 10 to 86400.</summary>
    [Range(10, 86_400)]
    public int RefreshSeconds { get; set; } = 300;

    /// <summary>Seconds between looks at what is due: 1 to 60.</summary>
    [Range(1, 60)]
    public int PollSeconds { get; set; } = 5;

    /// <summary>Hours after which the tools of a user's server that nobody lists are no longer looked at: 1 to 720.</summary>
    [Range(1, 720)]
    public int UnusedHours { get; set; } = 24;

    /// <summary>After how many failures in a row a server is left alone for a while: 1 to 100.</summary>
    [Range(1, 100)]
    public int BreakAfter { get; set; } = 5;

    /// <summary>Seconds that a failing server is left alone the first time; doubled with each further failure up to ten minutes: 1 to 600.</summary>
    [Range(1, 600)]
    public int BreakSeconds { get; set; } = 30;

    /// <summary>Minutes that a link to sign in works: 1 to 60.</summary>
    [Range(1, 60)]
    public int SignInMinutes { get; set; } = 10;
}

/// <summary>Servers that are programs. Only administrators and the configuration may name them.</summary>
public sealed class StdioOptions
{
    /// <summary>Whether programs are run at all. They run as this service does, with its rights.</summary>
    public bool Enabled { get; set; }
}

/// <summary>A server of the operator's.</summary>
public sealed class ConfiguredServerOptions
{
    /// <summary>Whether its tools are offered.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What people are told about it.</summary>
    public string? Description { get; set; }

    /// <summary>Its Streamable HTTP endpoint; or a <see cref="Command"/>.</summary>
    public string? Url { get; set; }

    /// <summary>The program that is the server.</summary>
    public string? Command { get; set; }

    /// <summary>The program's arguments.</summary>
    public IList<string> Args { get; init; } = [];

    /// <summary>The program's environment besides PATH, HOME, LANG and TMPDIR.</summary>
    public IDictionary<string, string> Env { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Headers that every request carries.</summary>
    public IDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>none</c>, or <c>oauth</c> when each user signs in.</summary>
    public string Auth { get; set; } = "none";

    /// <summary>The client at the authorization server; registered on demand when there is none.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret of <see cref="ClientId"/>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The scopes to ask for; the server's own when there are none.</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>The only tools that are offered; all when there are none.</summary>
    public IList<string> AllowedTools { get; init; } = [];

    /// <summary>Tools that are not offered.</summary>
    public IList<string> DeniedTools { get; init; } = [];

    /// <summary><c>always</c> or <c>never</c>: whether a person is to confirm calls.</summary>
    public string RequireApproval { get; set; } = "never";

    /// <summary>Seconds for a call: 1 to 600.</summary>
    public int TimeoutSeconds { get; set; } = 60;
}

[OptionsValidator]
internal sealed partial class ExternalOptionsValidator : IValidateOptions<ExternalOptions>;
