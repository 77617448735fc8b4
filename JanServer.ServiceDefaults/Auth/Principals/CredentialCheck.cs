using JanServer.ServiceDefaults.Errors;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>What became of checking a credential: a caller, or the error to refuse the request with.</summary>
/// <param name="Caller">Whose it is, when it is good.</param>
/// <param name="Error">401 when it is not, 503 when that cannot be told now.</param>
/// <param name="ExpiresAt">When the credential itself ends; a cached answer never outlives it.</param>
internal sealed record CredentialCheck(Caller? Caller, ApiError? Error, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Whether this is an answer (good or bad), rather than the lack of one.</summary>
    public bool IsDecided => Error is not { Status: >= 500 };
}
