namespace JanServer.LlmApi.Catalogue;

/// <summary>What the last look at an endpoint of a provider found: a row of <c>endpoint_health</c>.</summary>
internal sealed record EndpointHealth
{
    public required string ProviderKey { get; init; }

    public required string Url { get; init; }

    public required bool Healthy { get; init; }

    /// <summary>Why it is not healthy, for administrators.</summary>
    public string? Problem { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
