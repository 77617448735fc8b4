using JanServer.Contracts.Accounts;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>Asks accounts.</summary>
internal sealed class RemotePrincipals(AccountsClient accounts) : IPrincipalSource
{
    public Task<Principal?> ResolveAsync(ResolvePrincipal subject, CancellationToken ct) => accounts.ResolveAsync(subject, ct);

    public Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct) => accounts.VerifyApiKeyAsync(hash, ct);
}
