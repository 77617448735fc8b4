using JanServer.Accounts.ApiKeys;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.Accounts.Users;

/// <summary>Turns a verified credential into the principal it speaks for. Reads on every call, writes only when something changed.</summary>
internal sealed class PrincipalResolution(UserStore users, ApiKeyStore keys, ApiKeyUse use, TimeProvider clock)
{
    private static readonly string[] EverythingButAdministration = [Scopes.All];

    // A clock of the identity provider that runs ahead must not lock later tokens out for longer than tokens are accepted early.
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>The principal of a user token, or null when the account is disabled. The first token of a subject makes the user.</summary>
    public async Task<Principal?> ResolveAsync(ResolvePrincipal token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var issuedAt = token.IssuedAt is { } at && at < now + MaxClockSkew ? at.ToUniversalTime() : now;
        var known = await users.FindAsync(token.Issuer, token.Subject, ct);
        if (known is null)
        {
            await users.AddAsync(User.From(token, issuedAt, clock), Id<OrganizationRef>.New(clock), Id<ProjectRef>.New(clock), ct);
            known = await users.FindAsync(token.Issuer, token.Subject, ct)
                ?? throw new InvalidOperationException("A user that was just added has no personal organization.");
        }

        var user = known.User;
        if (user.DisabledAt is not null)
        {
            return null;
        }

        if (user.ChangedBy(token, issuedAt, now) is { } changed && await users.UpdateAsync(changed, ct) > 0)
        {
            user = changed;
        }

        return new(
            user.Id,
            known.OrganizationId,
            known.ProjectId,
            ApiKeyId: null,
            user.Subject,
            user.Username,
            user.Email,
            user.Name,
            user.RolesOf(token, issuedAt),
            EverythingButAdministration,
            Models: null,
            ExpiresAt: null,
            user.FlagsOf(token, issuedAt));
    }

    /// <summary>The principal of an API key, or null when the key is unknown, expired or revoked or its user is disabled.</summary>
    public async Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!ApiKeySecret.TryReadHash(hash, out var bytes)
            || await keys.FindByHashAsync(bytes, ct) is not { User.DisabledAt: null, Key: var key, User: var user }
            || key.StatusAt(now) != ApiKeyStatus.Active)
        {
            return null;
        }

        use.Record(key.Id, now);
        return new(
            user.Id,
            key.OrganizationId,
            key.ProjectId,
            key.Id,
            user.Subject,
            user.Username,
            user.Email,
            user.Name,
            user.Roles,
            key.Scopes,
            key.Models,
            key.ExpiresAt,
            user.Flags);
    }
}
