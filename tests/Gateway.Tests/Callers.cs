using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.Tests;

/// <summary>What a service behind the gateway believes about a request.</summary>
internal static class Callers
{
    private static readonly CallerTokens Tokens = new(Options.Create(new CallerTokenOptions { Key = TestCallers.Key }), TimeProvider.System);

    /// <summary>The verified caller of a request that arrived at a service, or null.</summary>
    public static Caller? Of(RecordedRequest request) => Of(request.Header(CallerTokens.HeaderName) ?? "");

    /// <summary>The caller that a token vouches for, or null.</summary>
    public static Caller? Of(string token) => Tokens.TryValidate(token, out var caller) ? caller : null;
}
