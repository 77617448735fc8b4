using JanServer.LlmApi.Models;

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

    /// <summary>Azure OpenAI: the key goes into the <c>api-key</c> header, and with an API version the deployment into the URL.</summary>
    Azure,

    /// <summary>Anthropic's OpenAI-shaped API: the key goes into the <c>X-API-Key</c> header.</summary>
    Anthropic,

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

/// <summary>What the models of a provider make.</summary>
internal static class ProviderCategories
{
    public const string Llm = "llm";
    public const string Image = "image";
}

/// <summary>How requests are spread over the endpoints of a provider.</summary>
internal enum LoadBalancing
{
    /// <summary>In turn, in proportion to their weights.</summary>
    Weighted,

    /// <summary>To the one with the fewest requests under way for its weight.</summary>
    LeastLoaded,
}

/// <summary>One address of a provider.</summary>
/// <param name="Url">Where <c>chat/completions</c> is appended; ends with a slash.</param>
/// <param name="Weight">Its share among endpoints of the same priority.</param>
/// <param name="Priority">Lower is used first; the others only when those below are not well.</param>
internal sealed record EndpointSettings(Uri Url, int Weight = 1, int Priority = 0);

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

    /// <summary>Where it is reached; the base URL alone unless told.</summary>
    public IReadOnlyList<EndpointSettings> Endpoints { get; init; } = [new(BaseUrl)];

    public LoadBalancing LoadBalancing { get; init; }

    /// <summary>Whose API it is; its models then have normalized public ids. Null when they keep their own.</summary>
    public string? Vendor { get; init; }

    /// <summary>One of <see cref="ProviderCategories"/>.</summary>
    public string Category { get; init; } = ProviderCategories.Llm;

    /// <summary>The <c>api-version</c> of an Azure resource that is asked by deployment; null for its v1 API and for others.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Whether models that it lists for the first time may be used without an administrator's doing.</summary>
    public bool EnablesNewModels { get; init; } = true;

    /// <summary>Whether images are made here unless a request says where.</summary>
    public bool IsDefaultForImages { get; init; }

    /// <summary>Whether images are edited here unless a request says where.</summary>
    public bool IsDefaultForImageEdits { get; init; }

    /// <summary>What an administrator noted, as a JSON object.</summary>
    public string Metadata { get; init; } = "{}";

    public bool IsSameAs(ProviderSettings other) =>
        this with { Models = [], Endpoints = [] } == other with { Models = [], Endpoints = [] }
        && Models.SequenceEqual(other.Models) && Endpoints.SequenceEqual(other.Endpoints);

    public bool HasSameEndpointsAs(ProviderSettings other) => Endpoints.Select(one => one.Url).SequenceEqual(other.Endpoints.Select(one => one.Url));

    /// <summary>What clients name a model by.</summary>
    public string PublicIdOf(string modelId) => Vendor is null ? modelId : ModelNames.Normalize(Vendor, modelId);

    public override string ToString() => Name;
}
