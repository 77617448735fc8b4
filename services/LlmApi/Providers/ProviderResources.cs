using System.Text.Json;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Providers;

/// <summary>Describes providers to administrators and to users.</summary>
internal sealed class ProviderResources(ProviderRegistry registry)
{
    /// <summary>A stored provider.</summary>
    public ProviderResource Describe(StoredProvider row, IReadOnlyList<StoredEndpoint> endpoints, bool withModels)
    {
        var provider = registry.Find(StoredProviders.KeyOf(row));
        var models = registry.Stored.ModelsOf(StoredProviders.KeyOf(row));
        return new()
        {
            Id = row.Id.ToString(),
            Name = row.Name,
            Vendor = row.Vendor ?? Vendors.Custom,
            BaseUrl = row.BaseUrl,
            Endpoints = provider is not null
                ? [.. provider.Endpoints.Select(Describe)]
                : [.. endpoints.Select(one => new EndpointResource(one.Url, one.Weight, one.Priority, true, null, "closed"))],
            LoadBalancing = row.LoadBalancing,
            Kind = row.Kind,
            ApiVersion = row.ApiVersion,
            Source = "database",
            Active = row.Enabled,
            Category = row.Category,
            DefaultProviderImageGenerate = row.DefaultProviderImageGenerate,
            DefaultProviderImageEdit = row.DefaultProviderImageEdit,
            Priority = row.Priority,
            TimeoutSeconds = row.TimeoutSeconds,
            HasApiKey = row.EncryptedKey is not null,
            Health = provider is null ? "unknown" : NameOf(provider.Health),
            Problem = provider?.Problem,
            Circuit = provider is null ? "closed" : NameOf(provider.Circuit),
            Metadata = row.Metadata,
            ModelCount = models.Count(model => model.RetiredAt is null),
            ModelActiveCount = models.Count(model => model is { RetiredAt: null, Active: true }),
            Models = withModels ? ModelsOf(models) : null,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
    }

    /// <summary>A provider of the configuration, or an engine.</summary>
    public ProviderResource Describe(Provider provider, bool withModels)
    {
        var settings = provider.Settings;
        var models = registry.Stored.ModelsOf(settings.Key);
        return new()
        {
            Id = settings.Key,
            Name = settings.Name,
            Vendor = VendorOf(settings),
            BaseUrl = settings.BaseUrl.ToString(),
            Endpoints = [.. provider.Endpoints.Select(Describe)],
            LoadBalancing = settings.LoadBalancing == LoadBalancing.LeastLoaded ? "least_loaded" : "weighted",
            Kind = settings.Kind.ToString().ToLowerInvariant(),
            ApiVersion = settings.ApiVersion,
            Source = settings.Source == ProviderSource.Engine ? "engine" : "configuration",
            Active = true,
            Category = settings.Category,
            DefaultProviderImageGenerate = settings.IsDefaultForImages,
            DefaultProviderImageEdit = settings.IsDefaultForImageEdits,
            Priority = settings.Priority,
            TimeoutSeconds = (int)settings.Timeout.TotalSeconds,
            HasApiKey = provider.HasKey,
            Health = NameOf(provider.Health),
            Problem = provider.Problem,
            Circuit = NameOf(provider.Circuit),
            Metadata = JsonElement.Parse(settings.Metadata),
            ModelCount = models.Count(model => model.RetiredAt is null),
            ModelActiveCount = models.Count(model => model is { RetiredAt: null, Active: true }),
            Models = withModels ? ModelsOf(models) : null,
        };
    }

    /// <summary>The providers in use as users see them.</summary>
    public IReadOnlyList<PublicProvider> Public() =>
    [
        .. registry.Providers.Select(provider => new PublicProvider(
            ProviderModelResources.ProviderIdOf(provider.Settings.Key),
            provider.Settings.Name,
            VendorOf(provider.Settings),
            provider.Settings.Category,
            true,
            provider.Settings.IsDefaultForImages,
            provider.Settings.IsDefaultForImageEdits)),
    ];

    public static string VendorOf(ProviderSettings settings) =>
        settings.Vendor ?? (settings.Kind == ProviderKind.Jan ? Vendors.Jan : Vendors.Custom);

    private IReadOnlyList<ProviderModelResource> ModelsOf(IReadOnlyList<ProviderModel> models) =>
        [.. models.Where(model => model.RetiredAt is null).Select(model => ProviderModelResources.Describe(model, registry))];

    private static EndpointResource Describe(UpstreamEndpoint endpoint) => new(
        endpoint.Settings.Url.ToString(),
        endpoint.Settings.Weight,
        endpoint.Settings.Priority,
        endpoint.Health != ProviderHealth.Unhealthy,
        endpoint.Problem,
        NameOf(endpoint.Breaker.State));

    private static string NameOf(ProviderHealth health) => health switch
    {
        ProviderHealth.Healthy => "healthy",
        ProviderHealth.Unhealthy => "unhealthy",
        _ => "unknown",
    };

    private static string NameOf(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half_open",
        _ => "open",
    };
}
