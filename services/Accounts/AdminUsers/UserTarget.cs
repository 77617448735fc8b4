using JanServer.Accounts.Auditing;
using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.AdminUsers;

/// <summary>
/// Finds the user that an administrator means. An id has several spellings for some identity providers, so that only the one that the
/// provider answers with is compared, written and recorded.
/// </summary>
internal sealed class UserTarget(KeycloakUsers users, AuditTrail audit)
{
    /// <summary>The subject of a user, or the reason why there is none.</summary>
    public async Task<(string? Subject, ApiError? Error)> FindAsync(string id, CancellationToken ct)
    {
        if (await users.FindAsync(id, ct) is not { Id: { } subject })
        {
            return (null, ApiError.NotFound("user"));
        }

        audit.ResourceId = subject;
        return (subject, null);
    }

    /// <summary>
    /// The same, unless it is the caller: nobody takes administration from themselves, because the last administrator could not undo it.
    /// </summary>
    public async Task<(string? Subject, ApiError? Error)> FindAsync(string id, Caller? caller, string verb, CancellationToken ct)
    {
        var (subject, error) = await FindAsync(id, ct);
        return subject is not null && string.Equals(caller?.Subject, subject, StringComparison.OrdinalIgnoreCase)
            ? (null, ApiError.Conflict($"You cannot {verb} yourself. Another administrator can."))
            : (subject, error);
    }
}
