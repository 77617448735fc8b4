using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>The providers of the configuration: the numbered children of <c>Providers</c>.</summary>
public sealed class ProvidersOptions
{
    /// <summary>In the order of their numbers.</summary>
    [ValidateEnumeratedItems]
    public List<ProviderEntry> Entries { get; } = [];
}

/// <summary>A provider in the configuration.</summary>
public sealed class ProviderEntry
{
    /// <summary>For people, and unique.</summary>
    [Required]
    [StringLength(128, MinimumLength = 1)]
    public string Name { get; set; } = "";

    /// <summary>An http or https URL with or without <c>/v1</c>.</summary>
    [Required]
    [BaseUrl]
    public string BaseUrl { get; set; } = "";

    /// <summary>All addresses, when there are several; the base URL counts only when this is empty.</summary>
    [ValidateEnumeratedItems]
    [MaxLength(Upstreams.EndpointBalancer.MaxEndpoints)]
    public List<EndpointEntry> Endpoints { get; } = [];

    /// <summary>How requests are spread over the endpoints: <c>Weighted</c> or <c>LeastLoaded</c>.</summary>
    [EnumDataType(typeof(LoadBalancing))]
    public string LoadBalancing { get; set; } = nameof(Providers.LoadBalancing.Weighted);

    /// <summary>Whose API it is, such as <c>openai</c>: its models get public ids as <c>vendor/model</c>. Without one they keep their own.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Vendor { get; set; }

    /// <summary>What its models make: <c>llm</c> or <c>image</c>.</summary>
    [AllowedValues(ProviderCategories.Llm, ProviderCategories.Image)]
    public string Category { get; set; } = ProviderCategories.Llm;

    /// <summary>The <c>api-version</c> of an Azure resource that is asked by deployment.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? ApiVersion { get; set; }

    /// <summary>The credential, if the provider takes one.</summary>
    public string? ApiKey { get; set; }

    /// <summary><c>OpenAi</c>, <c>Azure</c>, <c>Anthropic</c>, <c>Engine</c> or <c>Jan</c>.</summary>
    [EnumDataType(typeof(ProviderKind))]
    public string Kind { get; set; } = nameof(ProviderKind.OpenAi);

    /// <summary>Whether it is used.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Lower is tried first.</summary>
    [Range(0, 1_000_000)]
    public int Priority { get; set; } = 100;

    /// <summary>How long the first byte of an answer may take.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <summary>The models to offer; empty for those that the provider lists itself.</summary>
    [ValidateEnumeratedItems]
    public List<ModelEntry> Models { get; } = [];
}

/// <summary>An address of a configured provider.</summary>
public sealed class EndpointEntry
{
    /// <summary>An http or https URL with or without <c>/v1</c>.</summary>
    [Required]
    [BaseUrl]
    public string Url { get; set; } = "";

    /// <summary>Its share among endpoints of the same priority.</summary>
    [Range(1, 1000)]
    public int Weight { get; set; } = 1;

    /// <summary>Lower is used first.</summary>
    [Range(0, 1_000_000)]
    public int Priority { get; set; }
}

/// <summary>A model of a configured provider.</summary>
public sealed class ModelEntry
{
    /// <summary>The id that clients use.</summary>
    [Required]
    [StringLength(256, MinimumLength = 1)]
    public string Id { get; set; } = "";

    /// <summary>The id that the provider uses; the same unless set.</summary>
    [StringLength(256, MinimumLength = 1)]
    public string? UpstreamId { get; set; }
}

/// <summary>A URL that <see cref="BaseUrls"/> takes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BaseUrlAttribute() : ValidationAttribute("{0} must be an http or https URL without user information, query and fragment.")
{
    public override bool IsValid(object? value) => value is null || BaseUrls.TryParse(value as string, out _);
}

[OptionsValidator]
internal sealed partial class ProvidersOptionsValidator : IValidateOptions<ProvidersOptions>;
