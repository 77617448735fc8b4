using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.LlmApi.Catalogue;

namespace JanServer.LlmApi.Providers;

/// <summary>An address of a provider.</summary>
/// <param name="Url">An http or https URL with or without <c>/v1</c>; it may be private.</param>
/// <param name="Weight">Its share among endpoints of the same priority; 1 unless told.</param>
/// <param name="Priority">Lower is used first; 0 unless told.</param>
public sealed record EndpointInput(
    string? Url, [property: Range(1, 1000)] int? Weight = null, [property: Range(0, 1_000_000)] int? Priority = null);

/// <summary>What is common to adding and changing a provider.</summary>
public abstract record ProviderInput
{
    /// <summary>For people, and unique.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>One URL, several with commas between, or a JSON array of URLs or endpoints.</summary>
    [StringLength(16_384)]
    public string? BaseUrl { get; init; }

    /// <summary>The same as <see cref="BaseUrl"/>.</summary>
    [StringLength(16_384)]
    public string? Url { get; init; }

    /// <summary>Several addresses, instead of a base URL.</summary>
    public IReadOnlyList<EndpointInput>? Endpoints { get; init; }

    /// <summary>How it is spoken to: <c>openai</c>, <c>azure</c>, <c>anthropic</c> or <c>engine</c>; as its vendor's unless told.</summary>
    [AllowedValues("openai", "azure", "anthropic", "engine", null)]
    public string? Kind { get; init; }

    /// <summary>Whether it is used.</summary>
    public bool? Active { get; init; }

    /// <summary>Lower is tried first; 100 unless told.</summary>
    [Range(0, 1_000_000)]
    public int? Priority { get; init; }

    /// <summary>How long the first byte of an answer may take; 600 unless told.</summary>
    [Range(1, 3600)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>How requests are spread over its endpoints: <c>weighted</c> (unless told) or <c>least_loaded</c>.</summary>
    [AllowedValues("weighted", "least_loaded", null)]
    public string? LoadBalancing { get; init; }

    /// <summary>Whether images are made here unless a request says where; one provider at most is.</summary>
    public bool? DefaultProviderImageGenerate { get; init; }

    /// <summary>Whether images are edited here unless a request says where; one provider at most is.</summary>
    public bool? DefaultProviderImageEdit { get; init; }
}

/// <summary>Adds a provider.</summary>
public sealed record CreateProvider : ProviderInput
{
    /// <summary>Whose API it is, such as <c>openai</c>: its models get public ids as <c>vendor/model</c>. Without one they keep their own.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Vendor { get; init; }

    /// <summary>The credential, if the provider takes one. It is stored encrypted and never returned.</summary>
    [StringLength(4096)]
    public string? ApiKey { get; init; }

    /// <summary>What its models make: <c>llm</c> (unless told) or <c>image</c>.</summary>
    [AllowedValues("llm", "image", null)]
    public string? Category { get; init; }

    /// <summary>The <c>api-version</c> of an Azure resource that is asked by deployment.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? ApiVersion { get; init; }

    /// <summary>The provider's own ids of the models to offer, such as Azure's deployments; absent to ask it.</summary>
    [MaxLength(1000)]
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>A JSON object of yours. <c>auto_enable_new_models</c> says whether models that it lists later may be used at once.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>Changes a provider; what is absent stays, null clears what may be empty.</summary>
public sealed record UpdateProvider : ProviderInput
{
    /// <summary>Whose API it is; null for models that keep their own ids.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> Vendor { get; init; }

    /// <summary>A new credential; null or empty to remove it.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> ApiKey { get; init; }

    /// <summary>The <c>api-version</c> of an Azure resource that is asked by deployment.</summary>
    [JsonConverter(typeof(PatchConverter<string>))]
    public Patch<string> ApiVersion { get; init; }

    /// <summary>The provider's own ids of the models to offer; null to ask it.</summary>
    [JsonConverter(typeof(PatchConverter<IReadOnlyList<string>>))]
    public Patch<IReadOnlyList<string>> Models { get; init; }

    /// <summary>A JSON object of yours, which replaces the one before.</summary>
    [JsonConverter(typeof(PatchConverter<JsonElement?>))]
    public Patch<JsonElement?> Metadata { get; init; }
}

/// <summary>An address of a provider and how it is.</summary>
/// <param name="Healthy">Whether it listed its models when it was last asked; true until it has been.</param>
/// <param name="Problem">What was wrong.</param>
/// <param name="Circuit"><c>closed</c>: asked; <c>half_open</c>: probed; <c>open</c>: left alone after failures. As this replica sees it.</param>
public sealed record EndpointResource(string Url, int Weight, int Priority, bool Healthy, string? Problem, string Circuit);

/// <summary>A provider, without its credential.</summary>
public sealed record ProviderResource
{
    /// <summary><c>prov_…</c> for those that can be changed here; a name of the source for others.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>provider</c>.</summary>
    public string Object => "provider";

    /// <summary>For people, and unique.</summary>
    public required string Name { get; init; }

    /// <summary>Whose API it is, as told; <c>custom</c> when nobody said.</summary>
    public required string Vendor { get; init; }

    /// <summary>The first of its addresses.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>All of its addresses.</summary>
    public required IReadOnlyList<EndpointResource> Endpoints { get; init; }

    /// <summary><c>weighted</c> or <c>least_loaded</c>.</summary>
    public required string LoadBalancing { get; init; }

    /// <summary>How it is spoken to.</summary>
    public required string Kind { get; init; }

    /// <summary>The <c>api-version</c> of an Azure resource.</summary>
    public string? ApiVersion { get; init; }

    /// <summary><c>database</c>, <c>configuration</c> or <c>engine</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Whether it is used.</summary>
    public required bool Active { get; init; }

    /// <summary><c>llm</c> or <c>image</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Whether images are made here unless a request says where.</summary>
    public required bool DefaultProviderImageGenerate { get; init; }

    /// <summary>Whether images are edited here unless a request says where.</summary>
    public required bool DefaultProviderImageEdit { get; init; }

    /// <summary>Lower is tried first.</summary>
    public required int Priority { get; init; }

    /// <summary>How long the first byte of an answer may take.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>Whether a credential is known.</summary>
    public required bool HasApiKey { get; init; }

    /// <summary><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>: the best of its endpoints.</summary>
    public required string Health { get; init; }

    /// <summary>Why it is unhealthy.</summary>
    public string? Problem { get; init; }

    /// <summary>The best of its endpoints' circuits.</summary>
    public required string Circuit { get; init; }

    /// <summary>An administrator's notes.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>How many models it has.</summary>
    public required int ModelCount { get; init; }

    /// <summary>How many of them may be used.</summary>
    public required int ModelActiveCount { get; init; }

    /// <summary>Its models; left out in lists.</summary>
    public IReadOnlyList<ProviderModelResource>? Models { get; init; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>How many credentials a rotation touched.</summary>
/// <param name="RotatedCount">Those that are under the current key now.</param>
/// <param name="SkippedCount">Those that were already.</param>
/// <param name="FailedProviders">Providers whose credential no configured key opens; set their keys anew.</param>
public sealed record KeyRotation(int RotatedCount, int SkippedCount, IReadOnlyList<string> FailedProviders);

/// <summary>A provider as users see it: neither addresses nor notes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">For people.</param>
/// <param name="Vendor">Whose API it is.</param>
/// <param name="Category"><c>llm</c> or <c>image</c>.</param>
public sealed record PublicProvider(
    string Id, string Name, string Vendor, string Category, bool Active, bool DefaultProviderImageGenerate, bool DefaultProviderImageEdit);
