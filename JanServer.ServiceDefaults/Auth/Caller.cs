using System.Collections.Frozen;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>How a caller proved who it is.</summary>
public enum AuthMethod
{
    /// <summary>An access token of the identity provider.</summary>
    Jwt,

    /// <summary>An API key.</summary>
    ApiKey,

    /// <summary>Another service of this deployment, on its own behalf.</summary>
    Service,
}

/// <summary>Who is calling: the one thing handlers may know about authentication. Bindable as a handler parameter.</summary>
public sealed record Caller
{
    /// <summary>The role that administration takes.</summary>
    public const string AdminRole = "admin";

    /// <summary>The role of users that signed in without an account.</summary>
    public const string GuestRole = "guest";

    /// <summary>The user; <see cref="Id{T}.None"/> for a service.</summary>
    public Id<UserRef> UserId { get; init; }

    /// <summary>The organization whose limits and budget apply.</summary>
    public Id<OrganizationRef> OrganizationId { get; init; }

    /// <summary>The project within that organization.</summary>
    public Id<ProjectRef> ProjectId { get; init; }

    /// <summary>The API key, when one was used.</summary>
    public Id<ApiKeyRef>? ApiKeyId { get; init; }

    /// <summary>The identity provider's <c>sub</c>, or <c>service:name</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>How the caller proved who it is.</summary>
    public AuthMethod Method { get; init; }

    /// <summary>The user's name at the identity provider.</summary>
    public string? Username { get; init; }

    /// <summary>The e-mail address, if known.</summary>
    public string? Email { get; init; }

    /// <summary>The display name, if known.</summary>
    public string? Name { get; init; }

    /// <summary>Roles such as <see cref="AdminRole"/>.</summary>
    public IReadOnlySet<string> Roles { get; init; } = FrozenSet<string>.Empty;

    /// <summary>What the credential may do; see <see cref="Auth.Scopes"/>.</summary>
    public IReadOnlySet<string> Scopes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The feature flags that the user's groups switch on, such as <c>experimental_models</c>.</summary>
    public IReadOnlySet<string> Flags { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The models that the credential may use; null for all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Whether this is an administrator using a credential that reaches administration.</summary>
    public bool IsAdmin => Roles.Contains(AdminRole) && (Method != AuthMethod.ApiKey || Scopes.Contains(Auth.Scopes.Admin));

    /// <summary>Whether the user signed in without an account.</summary>
    public bool IsGuest => Roles.Contains(GuestRole);

    /// <summary>Whether the credential may do what <paramref name="scope"/> stands for.</summary>
    public bool Has(string scope) => Scopes.Contains(Auth.Scopes.All) || Scopes.Contains(scope);

    /// <summary>Whether the credential may use the model; ids compare ordinally.</summary>
    public bool MayUse(string model) => Models is null || Models.Contains(model, StringComparer.Ordinal);

    /// <summary>The caller that a principal of accounts describes.</summary>
    public static Caller From(Principal principal, AuthMethod method)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return new()
        {
            UserId = principal.UserId,
            OrganizationId = principal.OrganizationId,
            ProjectId = principal.ProjectId,
            ApiKeyId = principal.ApiKeyId,
            Subject = principal.Subject,
            Method = method,
            Username = principal.Username,
            Email = principal.Email,
            Name = principal.Name,
            Roles = principal.Roles.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Scopes = principal.Scopes.ToFrozenSet(StringComparer.Ordinal),
            Flags = (principal.Flags ?? []).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Models = principal.Models,
        };
    }

    /// <summary>Binds the caller of the request; the fallback policy has refused anonymous requests before.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(Of(context));
    }

    /// <summary>The authenticated caller of a request, or null for an anonymous one.</summary>
    public static Caller? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.User.Identity as CallerIdentity)?.Caller;
    }
}
