using JanServer.ServiceDefaults.Errors;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>Recognizes API keys: anything that begins with <c>sk_</c> or <c>sk-</c>. Only the hash is sent to accounts.</summary>
internal sealed class ApiKeyAuthenticator(IPrincipalSource principals, CredentialCache cache) : IBearerAuthenticator
{
    private const int MaxLength = 256;

    public async ValueTask<(Caller? Caller, ApiError? Error)> AuthenticateAsync(string credential, CancellationToken ct)
    {
        if (!credential.StartsWith("sk_", StringComparison.Ordinal) && !credential.StartsWith("sk-", StringComparison.Ordinal))
        {
            return default;
        }

        if (credential.Length > MaxLength)
        {
            return (null, Refused);
        }

        var key = CredentialKey.Of(credential);
        var answer = await cache.GetAsync(key, async deadline => await VerifyAsync(key, deadline), ct);
        return (answer.Caller, answer.Error);
    }

    private static ApiError Refused => ApiError.Unauthorized("This API key is unknown, expired or revoked. Make a new one with POST /auth/api-keys.");

    private async Task<CredentialCheck> VerifyAsync(CredentialKey key, CancellationToken ct) =>
        await principals.VerifyApiKeyAsync(key.ToHex(), ct) is { } principal
            ? new(Caller.From(principal, AuthMethod.ApiKey), null, principal.ExpiresAt)
            : new(null, Refused);
}
