using System.Collections.Frozen;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.Testing.Identity;

/// <summary>Callers as the gateway would vouch for them. Each test makes its own, so that tests run beside each other.</summary>
public static class TestCallers
{
    /// <summary>The key that <see cref="Hosting.ServiceFactory{TEntryPoint}"/> configures.</summary>
    public const string Key = "a-key-for-tests-which-is-long-enough-and-no-secret";

    private static readonly CallerTokens Tokens =
        new(Microsoft.Extensions.Options.Options.Create(new CallerTokenOptions { Key = Key, LifetimeSeconds = 3600 }), TimeProvider.System);

    /// <summary>A new user with an organization and a project of their own, who may do everything a user may.</summary>
    public static Caller User(string name = "ann")
    {
        var id = Id<UserRef>.New(TimeProvider.System);
        return new()
        {
            UserId = id,
            OrganizationId = Id<OrganizationRef>.New(TimeProvider.System),
            ProjectId = Id<ProjectRef>.New(TimeProvider.System),
            Subject = id.Value.ToString(),
            Method = AuthMethod.Jwt,
            Username = name,
            Email = $"{name}@example.test",
            Name = name,
            Scopes = Set(Scopes.All),
        };
    }

    /// <summary>A new administrator.</summary>
    public static Caller Admin() => User("root") with { Roles = Set(Caller.AdminRole) };

    /// <summary>A new guest.</summary>
    public static Caller Guest() => User("guest") with { Roles = Set(Caller.GuestRole), Email = null };

    /// <summary>The same user, with an API key of these scopes.</summary>
    public static Caller ByApiKey(this Caller caller, params string[] scopes) =>
        caller with { Method = AuthMethod.ApiKey, ApiKeyId = Id<ApiKeyRef>.New(TimeProvider.System), Scopes = Set(scopes) };

    /// <summary>The caller token of <paramref name="caller"/>.</summary>
    public static string TokenFor(Caller caller) => Tokens.Issue(caller);

    /// <summary>The caller token of a service, such as <c>gateway</c>.</summary>
    public static string TokenForService(string service = "gateway") => Tokens.IssueForService(service);

    private static FrozenSet<string> Set(params string[] values) => values.ToFrozenSet(StringComparer.Ordinal);
}
