using System.Net;
using System.Security.Cryptography;
using System.Text;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Access;

/// <summary>
/// Lets in who sends the configured key, or, when none is configured, who connects from this machine. The engine stands behind
/// llm-api as a vLLM server would: it knows no users.
/// </summary>
internal sealed class EngineAccess(RequestDelegate next, IOptions<InferenceOptions> options)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _key = string.IsNullOrEmpty(options.Value.ApiKey) ? null : Digest(options.Value.ApiKey);

    public Task InvokeAsync(HttpContext context) =>
        IsProbe(context.Request.Path) || Refusal(context) is not { } refusal ? next(context) : refusal.ExecuteAsync(context);

    private static bool IsProbe(PathString path) => path == "/healthz" || path == "/readyz" || path == HealthEndpoints.Path;

    private ApiError? Refusal(HttpContext context)
    {
        if (_key is null)
        {
            // A connection without an address is a Unix socket or in memory: it cannot come from elsewhere.
            return context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)
                ? ApiError.Forbidden("This engine serves its own machine only. Set Inference:ApiKey to serve others.")
                : null;
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return ApiError.Unauthorized("Send the engine's key as 'Authorization: Bearer …'.", ErrorCodes.MissingCredentials);
        }

        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(header[Scheme.Length..].Trim()), _key)
                ? null
                : ApiError.Unauthorized("This is not the engine's key.");
    }

    /// <summary>Digests have one length, so the comparison says nothing about the key's.</summary>
    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
