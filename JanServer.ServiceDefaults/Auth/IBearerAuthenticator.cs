using JanServer.ServiceDefaults.Errors;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>Recognizes one kind of bearer credential.</summary>
public interface IBearerAuthenticator
{
    /// <summary>
    /// Returns the caller, or the error to refuse the request with (401, or 503 when the credential cannot be checked now),
    /// or neither when the credential is of another kind.
    /// </summary>
    ValueTask<(Caller? Caller, ApiError? Error)> AuthenticateAsync(string credential, CancellationToken ct);
}
