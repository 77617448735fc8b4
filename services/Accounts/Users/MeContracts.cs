using JanServer.ServiceDefaults.Auth;

namespace JanServer.Accounts.Users;

/// <summary>Who the caller is.</summary>
/// <param name="Id">The user's id, the same for every credential of the user.</param>
/// <param name="Username">The name at the identity provider.</param>
/// <param name="Email">The e-mail address, if known.</param>
/// <param name="Subject">The identity provider's <c>sub</c>.</param>
/// <param name="AuthMethod"><c>jwt</c> or <c>apikey</c>.</param>
/// <param name="Name">The display name, else the username.</param>
/// <param name="Roles">Roles such as <c>admin</c> or <c>guest</c>, sorted.</param>
/// <param name="IsAdmin">Whether this credential reaches administration.</param>
/// <param name="IsGuest">Whether the user signed in without an account.</param>
/// <param name="OrganizationId">The organization whose limits apply.</param>
/// <param name="ProjectId">The project within that organization.</param>
/// <param name="ApiKeyId">The API key, when one was used.</param>
/// <param name="Scopes">What the credential may do, sorted.</param>
/// <param name="Models">The models the credential may use; absent for all.</param>
/// <param name="FeatureFlags">The feature flags of the user's groups, sorted.</param>
public sealed record Me(
    string Id,
    string? Username,
    string? Email,
    string Subject,
    string AuthMethod,
    string? Name,
    IReadOnlyList<string> Roles,
    bool IsAdmin,
    bool IsGuest,
    string OrganizationId,
    string ProjectId,
    string? ApiKeyId,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Models,
    IReadOnlyList<string> FeatureFlags)
{
    internal static Me From(Caller caller) => new(
        caller.UserId.ToString(),
        caller.Username,
        caller.Email,
        caller.Subject,
        caller.Method is ServiceDefaults.Auth.AuthMethod.ApiKey ? "apikey" : "jwt",
        caller.Name ?? caller.Username,
        [.. caller.Roles.Order(StringComparer.Ordinal)],
        caller.IsAdmin,
        caller.IsGuest,
        caller.OrganizationId.ToString(),
        caller.ProjectId.ToString(),
        caller.ApiKeyId?.ToString(),
        [.. caller.Scopes.Order(StringComparer.Ordinal)],
        caller.Models,
        [.. caller.Flags.Order(StringComparer.Ordinal)]);
}
