using JanServer.Contracts.Accounts;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>
/// Knows whose a verified credential is: accounts itself by its tables, every other service by asking accounts.
/// </summary>
public interface IPrincipalSource
{
    /// <summary>The user that a verified token speaks for, or null when the account is disabled.</summary>
    /// <exception cref="HttpRequestException">accounts could not be asked.</exception>
    Task<Principal?> ResolveAsync(ResolvePrincipal subject, CancellationToken ct);

    /// <summary>The principal behind an API key's SHA-256 (lower-case hex), or null when it is not good.</summary>
    /// <exception cref="HttpRequestException">accounts could not be asked.</exception>
    Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct);
}
