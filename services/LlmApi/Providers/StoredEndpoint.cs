using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Providers;

/// <summary>One of several addresses of a stored provider: a row of <c>provider_endpoints</c>.</summary>
internal sealed record StoredEndpoint
{
    public required Id<StoredProvider> ProviderId { get; init; }

    public required string Url { get; init; }

    public required int Weight { get; init; }

    public required int Priority { get; init; }

    public required int Position { get; init; }
}
