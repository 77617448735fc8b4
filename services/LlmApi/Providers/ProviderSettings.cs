namespace JanServer.LlmApi.Providers;

/// <summary>Where a provider was learned from.</summary>
internal enum ProviderSource
{
    Configuration,
    Database,
    Engine,
}

/// <summary>What kind of server a provider is, where that matters.</summary>
internal enum ProviderKind
{
    /// <summary>Any server that speaks OpenAI's API.</summary>
    OpenAi,

    /// <summary>Azure OpenAI: the key goes into the <c>api-key</c> header.</summary>
    Azure,

    /// <summary>An engine of this deployment or machine.</summary>
    Engine,

    /// <summary>JanServer's own inference service, whose <c>jan-demo</c> models stand back behind every other.</summary>
    Jan,
}

/// <summary>A model that a provider offers.</summary>
/// <param name="Id">The id that clients use.</param>
/// <param name="UpstreamId">The id that the provider uses.</param>
/// <param name="Created">Unix seconds as the provider reports them; 0 when it does not.</param>
/// <param name="OwnedBy">Who the provider says made it.</param>
internal sealed record OfferedModel(string Id, string UpstreamId, long Created, string? OwnedBy);

/// <summary>A provider as configured. Two equal settings are the same provider in the same state.</summary>
/// <param name="Key">Identifies the provider across reloads.</param>
/// <param name="Name">For people: administrators and logs.</param>
/// <param name="BaseUrl">Where <c>chat/completions</c> is appended; ends with a slash.</param>
/// <param name="ApiKey">The credential, if the provider takes one. Never logged, never returned.</param>
/// <param name="Priority">Lower is tried first.</param>
/// <param name="Timeout">How long the first byte of an answer may take.</param>
internal sealed record ProviderSettings(
    string Key,
    string Name,
    Uri BaseUrl,
    string? ApiKey,
    ProviderKind Kind,
    int Priority,
    TimeSpan Timeout,
    ProviderSource Source)
{
    /// <summary>The models to offer; empty for those that the provider lists itself.</summary>
    public IReadOnlyList<OfferedModel> Models { get; init; } = [];

    public bool IsSameAs(ProviderSettings other) => this with { Models = [] } == other with { Models = [] } && Models.SequenceEqual(other.Models);

    public override string ToString() => Name;
}
