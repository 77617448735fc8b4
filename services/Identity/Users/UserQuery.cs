using Microsoft.AspNetCore.Mvc;

namespace JanServer.Identity.Users;

/// <summary>The query of Keycloak's user search.</summary>
public sealed record UserQuery
{
    /// <summary>Part of username, e-mail, first or last name; <c>*</c> is a wildcard, <c>"..."</c> the whole value.</summary>
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    [FromQuery(Name = "username")]
    public string? Username { get; init; }

    [FromQuery(Name = "email")]
    public string? Email { get; init; }

    [FromQuery(Name = "firstName")]
    public string? FirstName { get; init; }

    [FromQuery(Name = "lastName")]
    public string? LastName { get; init; }

    /// <summary>Whether the values above must be equal, rather than contained.</summary>
    [FromQuery(Name = "exact")]
    public bool? Exact { get; init; }

    [FromQuery(Name = "enabled")]
    public bool? Enabled { get; init; }

    [FromQuery(Name = "emailVerified")]
    public bool? EmailVerified { get; init; }

    [FromQuery(Name = "first")]
    public int? First { get; init; }

    [FromQuery(Name = "max")]
    public int? Max { get; init; }

    /// <summary>Attributes, as <c>key:value key2:"value 2"</c>.</summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }
}
