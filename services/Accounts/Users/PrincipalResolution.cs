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

        return At(known, user, user.RolesOf(token, issuedAt), user.FlagsOf(token, issuedAt));
    }

    /// <summary>The principal of a user, or of one of their API keys, as it is now; null when the user is disabled or the key is not good.</summary>
    public async Task<Principal?> FindAsync(FindPrincipal wanted, CancellationToken ct)
    {
        if (wanted.ApiKeyId is { } id)
        {
            return await keys.FindWithUserAsync(wanted.UserId, id, ct) is { } found && IsGood(found) ? Of(found) : null;
        }

        return await users.FindAsync(wanted.UserId, ct) is { User.DisabledAt: null } known
            ? At(known, known.User, known.User.Roles, known.User.Flags)
            : null;
    }

    /// <summary>The principal of an API key, or null when the key is unknown, expired or revoked or its user is disabled.</summary>
    public async Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct)
    {
        if (!ApiKeySecret.TryReadHash(hash, out var bytes) || await keys.FindByHashAsync(bytes, ct) is not { } found || !IsGood(found))
        {
            return null;
        }

        use.Record(found.Key.Id, clock.GetUtcNow());
        return Of(found);
    }

    private bool IsGood(ApiKeyOfUser found) => found.User.DisabledAt is null && found.Key.StatusAt(clock.GetUtcNow()) == ApiKeyStatus.Active;

    private static Principal Of(ApiKeyOfUser found)
    {
        var (key, user) = found;
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

    private static Principal At(UserAtHome home, User user, IReadOnlyList<string> roles, IReadOnlyList<string> flags) => new(
        user.Id,
        home.OrganizationId,
        home.ProjectId,
        ApiKeyId: null,
        user.Subject,
        user.Username,
        user.Email,
        user.Name,
        roles,
        EverythingButAdministration,
        Models: null,
        ExpiresAt: null,
        flags);
}
