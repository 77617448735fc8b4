using System.ComponentModel.DataAnnotations;
using JanServer.Identity.Realms;

namespace JanServer.Identity.Clients;

/// <summary>One client, under <c>Identity:Clients:{client_id}</c>.</summary>
public sealed class ClientOptions
{
    /// <summary>The realm that the client belongs to.</summary>
    public string Realm { get; set; } = Realms.Realm.Jan;

    /// <summary>A public client has no secret and must use PKCE.</summary>
    public bool Public { get; set; }

    /// <summary>A confidential client's secret. Without one the client cannot authenticate.</summary>
    public string? Secret { get; set; }

    /// <summary>Whether authorization_code is allowed.</summary>
    public bool StandardFlow { get; set; }

    /// <summary>Whether the password grant is allowed.</summary>
    public bool DirectAccessGrants { get; set; }

    /// <summary>Whether client_credentials is allowed.</summary>
    public bool ServiceAccount { get; set; }

    /// <summary>Roles of the service account on the client realm-management, such as manage-users.</summary>
    public IList<string> ServiceAccountRoles { get; } = [];

    /// <summary>Exact addresses; on loopback hosts a trailing * matches any rest.</summary>
    public IList<string> RedirectUris { get; } = [];

    /// <summary>Where a browser may be sent after logout; the same patterns. Empty: the redirect URIs.</summary>
    public IList<string> PostLogoutRedirectUris { get; } = [];

    /// <summary>Seconds that access tokens of this client live; <see cref="TokenOptions.AccessTokenSeconds"/> unless set.</summary>
    [Range(30, 86_400)]
    public int? AccessTokenSeconds { get; set; }
}
