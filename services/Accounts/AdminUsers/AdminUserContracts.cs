using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JanServer.Accounts.IdentityProvider;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Accounts.AdminUsers;

/// <summary>A user, as administrators see it. Names are the identity provider's, which the reference API passed on.</summary>
/// <param name="Id">The identity provider's id, which is the <c>sub</c> of tokens.</param>
/// <param name="Username">The name to sign in with.</param>
/// <param name="Email">The address.</param>
/// <param name="FirstName">The given name.</param>
/// <param name="LastName">The family name.</param>
/// <param name="Enabled">Whether the user may sign in.</param>
/// <param name="IsGuest">Whether it signed in without an account.</param>
/// <param name="Roles">The roles that the user has itself, sorted.</param>
/// <param name="Groups">The paths of the groups, sorted.</param>
/// <param name="FeatureFlags">The feature flags of the groups, sorted.</param>
public sealed record AdminUser(
    string Id,
    string? Username,
    string? Email,
    [property: JsonPropertyName("firstName")] string? FirstName,
    [property: JsonPropertyName("lastName")] string? LastName,
    bool Enabled,
    bool IsGuest,
    IReadOnlyList<string>? Roles = null,
    IReadOnlyList<string>? Groups = null,
    [property: JsonPropertyName("featureFlags")] IReadOnlyList<string>? FeatureFlags = null)
{
    internal static AdminUser From(KeycloakUser user) => new(
        user.Id ?? "",
        user.Username,
        user.Email,
        user.FirstName,
        user.LastName,
        user.Enabled ?? true,
        IsGuestOf(user));

    internal static bool IsGuestOf(KeycloakUser user) =>
        user.Attributes?.GetValueOrDefault("guest") is [var value, ..] && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A page of users.</summary>
/// <param name="Data">The users.</param>
/// <param name="HasMore">Whether there is a next page.</param>
public sealed record AdminUserList(IReadOnlyList<AdminUser> Data, bool HasMore);

/// <summary>A page by position, as the identity provider pages.</summary>
public sealed record DirectoryPage
{
    /// <summary>How many to skip: 0 to 100,000, 0 unless told.</summary>
    [Range(0, 100_000)]
    public int? First { get; init; }

    /// <summary>How many a page holds: 1 to 200, 50 unless told.</summary>
    [Range(1, 200)]
    public int? Max { get; init; }

    internal int Skip => First ?? 0;

    internal int Take => Max ?? 50;
}

/// <summary>Which users are asked for.</summary>
public sealed record AdminUserQuery
{
    /// <summary>How many to skip: 0 to 100,000, 0 unless told.</summary>
    [Range(0, 100_000)]
    public int? First { get; init; }

    /// <summary>How many a page holds: 1 to 200, 50 unless told.</summary>
    [Range(1, 200)]
    public int? Max { get; init; }

    /// <summary>Part of the username, the address or a name.</summary>
    [MaxLength(255)]
    public string? Search { get; init; }

    /// <summary>Only users who may sign in, or only those who may not.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Only members of this group.</summary>
    [FromQuery(Name = "group_id")]
    public string? GroupId { get; init; }

    /// <summary>Only users who have this role themselves.</summary>
    public string? Role { get; init; }

    /// <summary>Whether users who signed in without an account are left out.</summary>
    [FromQuery(Name = "exclude_guests")]
    public bool? ExcludeGuests { get; init; }

    internal int Skip => First ?? 0;

    internal int Take => Max ?? 50;
}

/// <summary>Makes a user.</summary>
/// <param name="Email">The address.</param>
/// <param name="Username">The name to sign in with.</param>
/// <param name="FirstName">The given name.</param>
/// <param name="LastName">The family name.</param>
/// <param name="Enabled">Whether the user may sign in; true unless told.</param>
/// <param name="Password">The password, which the user may keep; without one the user cannot sign in with a password yet.</param>
public sealed record CreateUser(
    string? Email,
    string? Username,
    string? FirstName = null,
    string? LastName = null,
    bool? Enabled = null,
    string? Password = null)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"CreateUser {Username}";
}

/// <summary>Changes a user; what is absent stays.</summary>
/// <param name="Email">The address.</param>
/// <param name="Username">The name to sign in with.</param>
/// <param name="FirstName">The given name.</param>
/// <param name="LastName">The family name.</param>
/// <param name="Enabled">Whether the user may sign in.</param>
public sealed record UpdateUser(
    string? Email = null,
    string? Username = null,
    string? FirstName = null,
    string? LastName = null,
    bool? Enabled = null);

/// <summary>What was made.</summary>
/// <param name="Id">Its id at the identity provider.</param>
public sealed record CreatedObject(string Id);
