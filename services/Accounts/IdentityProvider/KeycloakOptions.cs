using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>Where the identity provider is and how accounts signs in there. Bound from <c>Keycloak</c>.</summary>
public sealed class KeycloakOptions
{
    /// <summary>The address that <c>/realms</c> and <c>/admin</c> are below.</summary>
    [Required]
    public Uri BaseUrl { get; set; } = new("http://identity");

    /// <summary>The realm of the users.</summary>
    [Required]
    public string Realm { get; set; } = "jan";

    /// <summary>The client that users' tokens are issued to.</summary>
    [Required]
    public string ClientId { get; set; } = "jan-client";

    /// <summary>That client's secret, when it is a confidential one.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>A confidential client whose service account may manage users.</summary>
    public string? BackendClientId { get; set; } = "backend";

    /// <summary>That client's secret; without one its service account is not tried.</summary>
    public string? BackendClientSecret { get; set; }

    /// <summary>An administrator, for a realm whose service account may not manage users.</summary>
    public string? AdminUsername { get; set; }

    /// <summary>The administrator's password.</summary>
    public string? AdminPassword { get; set; }

    /// <summary>The realm that the administrator belongs to.</summary>
    [Required]
    public string AdminRealm { get; set; } = "master";

    /// <summary>The client that the administrator signs in with.</summary>
    [Required]
    public string AdminClientId { get; set; } = "admin-cli";

    /// <summary>How long one call may take, in seconds: 1 to 60.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Whether the service account can be tried.</summary>
    internal bool HasBackend => !string.IsNullOrEmpty(BackendClientId) && !string.IsNullOrEmpty(BackendClientSecret);

    /// <summary>Whether an administrator can sign in.</summary>
    internal bool HasAdmin => !string.IsNullOrEmpty(AdminUsername) && !string.IsNullOrEmpty(AdminPassword);
}

[OptionsValidator]
internal sealed partial class KeycloakOptionsValidator : IValidateOptions<KeycloakOptions>;
