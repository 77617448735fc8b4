using JanServer.ServiceDefaults.Auth;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>Lets work that outlives its request, such as a background response, ask other services for the user it is done for.</summary>
public static class OnBehalfOf
{
    private static readonly HttpRequestOptionsKey<Caller> Key = new("JanServer.OnBehalfOf");
    private static readonly AsyncLocal<Caller?> Current = new();

    /// <summary>Makes a request to another service speak for <paramref name="caller"/>, whatever the current request is.</summary>
    public static HttpRequestMessage For(this HttpRequestMessage request, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Key, caller);
        return request;
    }

    /// <summary>
    /// Makes every request to another service, from here to the end of the asynchronous method that calls this, speak for
    /// <paramref name="caller"/>, but for those to <c>/internal</c> routes: for code whose clients cannot be told request by request.
    /// </summary>
    public static void Begin(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Current.Value = caller;
    }

    internal static Caller? Ambient => Current.Value;

    internal static Caller? CallerOf(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var caller) ? caller : null;
}
