using System.Net;
using System.Net.Http.Json;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Contracts.Accounts;

/// <summary>
/// The part of accounts that other services call, below <c>/internal</c>, which the gateway never exposes.
/// Callers authenticate as a service; see <c>CallerTokens</c> in ServiceDefaults.
/// </summary>
public sealed class AccountsClient(HttpClient http)
{
    /// <summary>Finds the user that a verified token speaks for, and makes the user with its personal organization the first time.</summary>
    /// <returns>The principal, or null when the account is disabled.</returns>
    /// <exception cref="HttpRequestException">accounts could not be reached or failed.</exception>
    public Task<Principal?> ResolveAsync(ResolvePrincipal subject, CancellationToken ct) =>
        PostAsync("internal/principals/resolve", JsonContent.Create(subject, AccountsJson.Default.ResolvePrincipal), ct);

    /// <summary>Finds the principal behind an API key.</summary>
    /// <returns>The principal, or null when the key is unknown, expired or revoked or its user is disabled.</returns>
    /// <exception cref="HttpRequestException">accounts could not be reached or failed.</exception>
    public Task<Principal?> VerifyApiKeyAsync(string hash, CancellationToken ct) =>
        PostAsync("internal/api-keys/verify", JsonContent.Create(new VerifyApiKey(hash), AccountsJson.Default.VerifyApiKey), ct);

    /// <summary>Finds out whether a user may still be worked for, when the credential is not there any more.</summary>
    /// <returns>The principal as it is now, or null when the user is unknown or disabled, or the key is not theirs, expired or revoked.</returns>
    /// <exception cref="HttpRequestException">accounts could not be reached or failed.</exception>
    public Task<Principal?> FindPrincipalAsync(FindPrincipal wanted, CancellationToken ct) =>
        PostAsync("internal/principals/find", JsonContent.Create(wanted, AccountsJson.Default.FindPrincipal), ct);

    /// <summary>What a user has chosen; the defaults for one who has chosen nothing yet.</summary>
    /// <exception cref="HttpRequestException">accounts could not be reached or failed.</exception>
    public async Task<UserSettings> FindSettingsAsync(Id<UserRef> user, CancellationToken ct)
    {
        using var response = await http.GetAsync(new Uri($"internal/users/{user}/settings", UriKind.Relative), ct).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(AccountsJson.Default.UserSettings, ct).ConfigureAwait(false)
            ?? throw new HttpRequestException("accounts answered with an empty body.");
    }

    /// <summary>Records what an administrator did. The caller bounds the wait: a log that is away must not hold up what is done.</summary>
    /// <exception cref="HttpRequestException">accounts could not be reached or failed, or refused the record.</exception>
    public async Task RecordAuditAsync(RecordAudit record, CancellationToken ct)
    {
        using var content = JsonContent.Create(record, AccountsJson.Default.RecordAudit);
        using var response = await http.PostAsync(new Uri("internal/audit-logs", UriKind.Relative), content, ct).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    private async Task<Principal?> PostAsync(string path, HttpContent content, CancellationToken ct)
    {
        using (content)
        {
            using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, ct).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.NotFound)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync(AccountsJson.Default.Principal, ct).ConfigureAwait(false)
                ?? throw new HttpRequestException("accounts answered with an empty body.");
        }
    }
}
