using System.Text.Json;

namespace JanServer.McpTools.Search.Providers;

/// <summary>What a provider is asked, and for how long.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Operation"><c>search</c> or <c>scrape</c>.</param>
/// <param name="AttemptTimeout">For one attempt.</param>
/// <param name="Budget">For all attempts and the waits between them.</param>
/// <param name="Request">Makes the request, once for each attempt.</param>
internal sealed record ProviderCall(string Provider, string Operation, TimeSpan AttemptTimeout, TimeSpan Budget, Func<HttpRequestMessage> Request);

/// <summary>What came of it: one of the two.</summary>
internal readonly record struct ProviderAnswer(JsonElement? Json, ProviderFailure? Failure);

/// <summary>What one attempt brought.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Up to the limit; null when there was more.</param>
/// <param name="RetryAfter">What the provider asked for.</param>
internal sealed record ProviderAttempt(int Status, byte[]? Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>Whether it may go away by itself soon.</summary>
    public bool IsTransient => Status is 408 or 429 or (>= 500 and not 501);
}
