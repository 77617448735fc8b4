using System.ComponentModel.DataAnnotations.Schema;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.External.Secrets;

namespace JanServer.McpTools.External.Servers;

/// <summary>An MCP server whose tools are offered here: a row of <c>external_servers</c>.</summary>
internal sealed record ExternalServer : IIdentified
{
    /// <summary>Values of <see cref="Scope"/>: everybody, the members of an organization, one user in one project.</summary>
    public const string ForDeployment = "deployment", ForOrganization = "organization", ForUser = "user";

    /// <summary>Values of <see cref="Source"/>.</summary>
    public const string FromApi = "api", FromConfiguration = "configuration";

    /// <summary>Values of <see cref="Transport"/>.</summary>
    public const string Http = "http", Stdio = "stdio";

    /// <summary>Values of <see cref="Auth"/>: headers at most, or each user signs in.</summary>
    public const string NoAuth = "none", OAuth = "oauth";

    /// <summary>Values of <see cref="RequireApproval"/>.</summary>
    public const string Always = "always", Never = "never";

    public static string IdPrefix => "mcps";

    public required Id<ExternalServer> Id { get; init; }

    public required string Scope { get; init; }

    public required string Source { get; init; }

    public Id<OrganizationRef>? OrganizationId { get; init; }

    public Id<UserRef>? UserId { get; init; }

    public Id<ProjectRef>? ProjectId { get; init; }

    /// <summary>1 to 32 of <c>[a-z0-9-]</c>, unique among the servers of its owner; the names of its tools begin with it.</summary>
    public required string Label { get; init; }

    public string? Description { get; init; }

    public required string Transport { get; init; }

    public string? Url { get; init; }

    public string? Command { get; init; }

    public required string[] Arguments { get; init; }

    public required string Auth { get; init; }

    public string? ClientId { get; init; }

    public bool HasClientSecret { get; init; }

    public required string[] Scopes { get; init; }

    public required string[] HeaderNames { get; init; }

    public required string[] EnvironmentNames { get; init; }

    /// <summary>Encrypted <see cref="ServerSecrets"/>.</summary>
    public byte[]? Secrets { get; init; }

    public string? SecretsKeyId { get; init; }

    public bool IsEnabled { get; init; }

    public string[]? AllowedTools { get; init; }

    public required string[] DeniedTools { get; init; }

    public required string RequireApproval { get; init; }

    public required string[] ApprovalExceptions { get; init; }

    public int TimeoutSeconds { get; init; }

    public int Revision { get; init; }

    public Id<UserRef>? CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether each user signs in.</summary>
    [NotMapped]
    public bool NeedsSignIn => Auth == OAuth;

    /// <summary>Whether an administrator or the operator vouches for it.</summary>
    [NotMapped]
    public bool IsOfAdministrators => Scope != ForUser;

    [NotMapped]
    public bool IsConfigured => Source == FromConfiguration;

    /// <summary>Whether a tool is offered.</summary>
    public bool Offers(string tool) =>
        !DeniedTools.Contains(tool, StringComparer.Ordinal) && (AllowedTools is null || AllowedTools.Contains(tool, StringComparer.Ordinal));

    /// <summary><c>always</c> or <c>never</c> for a tool.</summary>
    public string ApprovalOf(string tool) =>
        (RequireApproval == Always) != ApprovalExceptions.Contains(tool, StringComparer.Ordinal) ? Always : Never;

    /// <summary>Whose connection and whose tool list it is: the user's where users sign in, else everybody's.</summary>
    public Guid PrincipalOf(Id<UserRef> user) => NeedsSignIn ? user.Value : Guid.Empty;
}
