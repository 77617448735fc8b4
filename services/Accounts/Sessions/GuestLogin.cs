using System.Buffers.Text;
using System.Security.Cryptography;
using JanServer.Accounts.IdentityProvider;
using JanServer.Accounts.Users;
using JanServer.Contracts.Accounts;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.Sessions;

/// <summary>
/// Makes a user at the identity provider that nobody knows the password of, and signs it in once. Either all of it is done or
/// the user is removed again, also when the client has gone away meanwhile.
/// </summary>
internal sealed partial class GuestLogin(
    KeycloakAdmin admin,
    KeycloakClient keycloak,
    PrincipalResolution principals,
    IOptions<GuestOptions> options,
    TimeProvider clock,
    ILogger<GuestLogin> logger)
{
    private const int PasswordBytes = 32;
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(10);

    private readonly GuestOptions _options = options.Value;

    public async Task<GuestSession> RunAsync(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
        try
        {
            // First, while there is nothing yet to remove: it is what fails when the provider is down.
            await admin.SignInAsync(deadline.Token);
            return await MakeAsync(deadline.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw IdentityProviderException.Down("a guest login took too long", e);
        }
    }

    private async Task<GuestSession> MakeAsync(CancellationToken ct)
    {
        var username = $"guest-{Guid.CreateVersion7(clock.GetUtcNow())}";
        string? id = null;
        try
        {
            id = await AddAsync(username, ct);
            return await SignInAsync(id, username, ct);
        }
        catch
        {
            await RemoveAsync(id, username);
            throw;
        }
    }

    private Task<string> AddAsync(string username, CancellationToken ct) =>
        admin.AddUserAsync(
            new(
                Id: null,
                username,
                EmailOf(username),

                // Keycloak does not let a user in whose profile lacks a name.
                FirstName: "Guest",
                LastName: "User",
                Enabled: true,
                EmailVerified: true,
                new Dictionary<string, string[]> { ["guest"] = ["true"] }),
            ct);

    private async Task<GuestSession> SignInAsync(string id, string username, CancellationToken ct)
    {
        // Suffixed so that every usual password policy is met.
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes)) + "aA1!";
        await admin.AddRealmRoleAsync(id, _options.Role, ct);
        await admin.SetPasswordAsync(id, password, ct);
        var tokens = await keycloak.SignInAsync(EmailOf(username), password, ct)
            ?? throw IdentityProviderException.Unexpected("the password grant refused a user that was just made");
        var token = AccessToken.Read(tokens.AccessToken) is { Issuer: { } issuer, Subject: { } subject, IssuedAt: var issuedAt }
            ? new ResolvePrincipal(issuer, subject, username, EmailOf(username), EmailVerified: true, Name: null, [_options.Role], issuedAt)
            : throw IdentityProviderException.Unexpected("an access token without issuer and subject");
        var principal = await principals.ResolveAsync(token, ct)
            ?? throw IdentityProviderException.Unexpected("a new user has the subject of a disabled one");
        return new(
            principal.UserId.ToString(),
            username,
            principal.Subject,
            tokens.AccessToken,
            tokens.RefreshToken,
            "Bearer",
            tokens.ExpiresIn);
    }

    private async Task RemoveAsync(string? id, string username)
    {
        using var deadline = new CancellationTokenSource(RemovalDeadline);
        try
        {
            // Without an answer to its making, the user may be there all the same.
            id ??= await admin.FindUserIdAsync(EmailOf(username), deadline.Token);
            if (id is not null)
            {
                await admin.RemoveUserAsync(id, deadline.Token);
            }
        }
        catch (Exception e) when (e is IdentityProviderException or OperationCanceledException)
        {
            Log.NotRemoved(logger, e, username);
        }
    }

    private string EmailOf(string username) => $"{username}@{_options.EmailDomain}";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The half-made guest {Username} may be left at the identity provider")]
        public static partial void NotRemoved(ILogger logger, Exception exception, string username);
    }
}
