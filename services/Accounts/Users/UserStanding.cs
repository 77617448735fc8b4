using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth.Jwt;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.Users;

/// <summary>
/// What an administrator decides about a user here and now. Tokens and API keys that are out already follow it as soon as credential
/// caches forget them, which takes seconds, rather than with the user's next token.
/// </summary>
internal sealed class UserStanding(UserStore users, IOptions<JwtOptions> jwt, TimeProvider clock)
{
    private string[] Issuers => [jwt.Value.Issuer, .. jwt.Value.ValidIssuers];

    /// <summary>Refuses all credentials of a user, also of one who has a token but has not used it yet.</summary>
    public async Task RefuseAsync(string subject, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await users.DisableAsync(Issuers, subject, now, ct) > 0)
        {
            return;
        }

        var unseen = new ResolvePrincipal(jwt.Value.Issuer, subject, Username: null, Email: null, EmailVerified: false, Name: null, Roles: []);
        await users.AddAsync(User.From(unseen, now, clock), Id<OrganizationRef>.New(clock), Id<ProjectRef>.New(clock), ct);
        await users.DisableAsync(Issuers, subject, now, ct);
    }

    /// <summary>Accepts the credentials of a user again.</summary>
    public Task AdmitAsync(string subject, CancellationToken ct) => users.EnableAsync(Issuers, subject, clock.GetUtcNow(), ct);

    /// <summary>Lets a user's API keys act with a role, before a token says so.</summary>
    public Task GiveRoleAsync(string subject, string role, CancellationToken ct) =>
        users.GiveRoleAsync(Issuers, subject, role, clock.GetUtcNow(), ct);

    /// <summary>Takes a role from a user's API keys, and from the tokens that still name it.</summary>
    public Task TakeRoleAsync(string subject, string role, CancellationToken ct) =>
        users.TakeRoleAsync(Issuers, subject, role, clock.GetUtcNow(), ct);
}
