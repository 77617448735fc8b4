using System.Text.Json.Serialization;

namespace JanServer.McpTools.External.Servers;

/// <summary>Registers an MCP server.</summary>
public sealed record CreateServer
{
    /// <summary>1 to 32 of <c>[a-z0-9-]</c>, unique among the owner's; the names of its tools begin with it.</summary>
    public string? Label { get; init; }

    /// <summary>Up to 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary><c>http</c> (Streamable HTTP, or the older HTTP with SSE) unless told; administrators may say <c>stdio</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>The endpoint, http or https.</summary>
    public string? Url { get; init; }

    /// <summary>For <c>stdio</c>: the program.</summary>
    public string? Command { get; init; }

    /// <summary>For <c>stdio</c>: its arguments. They are shown; secrets belong into <see cref="Env"/>.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>For <c>stdio</c>: its environment. Never shown again.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Headers that every request carries, such as <c>Authorization</c>: up to 20. Never shown again.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary><c>none</c> unless told; <c>oauth</c> when each user signs in.</summary>
    public string? Auth { get; init; }

    /// <summary>For <c>oauth</c>.</summary>
    public OAuthInput? Oauth { get; init; }

    /// <summary>For administrators: the organization whose members may use it (<c>org_…</c>); everybody unless told.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Whether its tools are offered; true unless told.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The only tools that are offered, by the server's own names; all unless told.</summary>
    public IReadOnlyList<string>? AllowedTools { get; init; }

    /// <summary>Tools that are not offered, by the server's own names.</summary>
    public IReadOnlyList<string>? DeniedTools { get; init; }

    /// <summary><c>never</c> unless told, or <c>always</c>: whether a person is to confirm calls.</summary>
    public string? RequireApproval { get; init; }

    /// <summary>Seconds for a call: 1 to 600, 60 unless told.</summary>
    public int? TimeoutSeconds { get; init; }
}

/// <summary>How to sign in at a server's authorization server.</summary>
/// <param name="ClientId">The client; registered on demand (RFC 7591) when there is none.</param>
/// <param name="ClientSecret">Its secret. Never shown again.</param>
/// <param name="Scopes">What to ask for; what the server says unless told.</param>
public sealed record OAuthInput(string? ClientId = null, string? ClientSecret = null, IReadOnlyList<string>? Scopes = null);

/// <summary>Changes a server; what is absent stays. Lists and maps are replaced whole, and null clears what may be absent.</summary>
public sealed record UpdateServer
{
    private readonly HashSet<string> _named = [];

    /// <summary>A new label.</summary>
    public string? Label { get; set; }

    /// <summary>A new description.</summary>
    public string? Description { get; set => field = Name(nameof(Description), value); }

    /// <summary>A new endpoint. Headers that are not sent along with it are forgotten, for they were for the old one.</summary>
    public string? Url { get; set; }

    /// <summary>Another program.</summary>
    public string? Command { get; set; }

    /// <summary>Other arguments.</summary>
    public IReadOnlyList<string>? Args { get; set => field = Name(nameof(Args), value); }

    /// <summary>Another environment.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; set => field = Name(nameof(Env), value); }

    /// <summary>Other headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; set => field = Name(nameof(Headers), value); }

    /// <summary><c>none</c> or <c>oauth</c>.</summary>
    public string? Auth { get; set; }

    /// <summary>Another client; the secret stays when the client id does and none is sent.</summary>
    public OAuthInput? Oauth { get; set => field = Name(nameof(Oauth), value); }

    /// <summary>Whether its tools are offered.</summary>
    public bool? Enabled { get; set; }

    /// <summary>The only tools that are offered; null for all.</summary>
    public IReadOnlyList<string>? AllowedTools { get; set => field = Name(nameof(AllowedTools), value); }

    /// <summary>Tools that are not offered.</summary>
    public IReadOnlyList<string>? DeniedTools { get; set => field = Name(nameof(DeniedTools), value); }

    /// <summary><c>always</c> or <c>never</c> for all tools; what was said of single tools is forgotten.</summary>
    public string? RequireApproval { get; set; }

    /// <summary>Seconds for a call.</summary>
    public int? TimeoutSeconds { get; set; }

    internal bool Names(string property) => _named.Contains(property);

    private T Name<T>(string property, T value)
    {
        _named.Add(property);
        return value;
    }
}

/// <summary>Changes what is done with one tool; what is absent stays.</summary>
/// <param name="Enabled">Whether it is offered.</param>
/// <param name="RequireApproval"><c>always</c> or <c>never</c>.</param>
public sealed record UpdateServerTool(bool? Enabled = null, string? RequireApproval = null);

/// <summary>An MCP server. Headers, environment, client secret and tokens are never shown.</summary>
public sealed record ServerResource
{
    /// <summary><c>mcps_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>mcp.server</c>.</summary>
    public string Object => "mcp.server";

    /// <summary>The names of its tools begin with it.</summary>
    public required string Label { get; init; }

    /// <summary>What people are told about it.</summary>
    public string? Description { get; init; }

    /// <summary><c>user</c>, <c>organization</c> or <c>deployment</c>: who may use it.</summary>
    public required string Scope { get; init; }

    /// <summary><c>api</c>, or <c>configuration</c> when it is the operator's and cannot be changed here.</summary>
    public required string Source { get; init; }

    /// <summary>The organization, for that scope.</summary>
    public string? OrganizationId { get; init; }

    /// <summary><c>http</c> or <c>stdio</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The endpoint.</summary>
    public string? Url { get; init; }

    /// <summary>The program.</summary>
    public string? Command { get; init; }

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Which variables are set.</summary>
    public required IReadOnlyList<string> EnvNames { get; init; }

    /// <summary>Which headers are set.</summary>
    public required IReadOnlyList<string> HeaderNames { get; init; }

    /// <summary><c>none</c> or <c>oauth</c>.</summary>
    public required string Auth { get; init; }

    /// <summary>For <c>oauth</c>.</summary>
    public OAuthResource? Oauth { get; init; }

    /// <summary>Whether its tools are offered.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The only tools that are offered; absent for all.</summary>
    public IReadOnlyList<string>? AllowedTools { get; init; }

    /// <summary>Tools that are not offered.</summary>
    public required IReadOnlyList<string> DeniedTools { get; init; }

    /// <summary><c>always</c> or <c>never</c>, but for single tools.</summary>
    public required string RequireApproval { get; init; }

    /// <summary>Seconds for a call.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long UpdatedAt { get; init; }

    internal static ServerResource Of(ExternalServer server) => new()
    {
        Id = server.Id.ToString(),
        Label = server.Label,
        Description = server.Description,
        Scope = server.Scope,
        Source = server.Source,
        OrganizationId = server.Scope == ExternalServer.ForOrganization ? server.OrganizationId?.ToString() : null,
        Transport = server.Transport,
        Url = server.Url,
        Command = server.Command,
        Args = server.Transport == ExternalServer.Stdio ? server.Arguments : null,
        EnvNames = server.EnvironmentNames,
        HeaderNames = server.HeaderNames,
        Auth = server.Auth,
        Oauth = server.NeedsSignIn ? new(server.ClientId, server.HasClientSecret, server.Scopes) : null,
        Enabled = server.IsEnabled,
        AllowedTools = server.AllowedTools,
        DeniedTools = server.DeniedTools,
        RequireApproval = server.RequireApproval,
        TimeoutSeconds = server.TimeoutSeconds,
        CreatedAt = server.CreatedAt.ToUnixTimeSeconds(),
        UpdatedAt = server.UpdatedAt.ToUnixTimeSeconds(),
    };
}

/// <summary>How users sign in.</summary>
/// <param name="ClientId">The configured client; absent when it is registered on demand.</param>
/// <param name="ClientSecretSet">Whether it has a secret.</param>
/// <param name="Scopes">What is asked for; empty for what the server says.</param>
public sealed record OAuthResource(string? ClientId, bool ClientSecretSet, IReadOnlyList<string> Scopes);

/// <summary>Says that a server is gone, with its tools, tokens and secrets.</summary>
/// <param name="Id">The server's id.</param>
public sealed record ServerDeleted(string Id)
{
    /// <summary>Always <c>mcp.server</c>.</summary>
    public string Object => "mcp.server";

    /// <summary>Always true.</summary>
    [JsonPropertyName("deleted")]
    public bool Deleted => true;
}
