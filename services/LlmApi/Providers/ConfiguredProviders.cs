using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>The providers that the configuration names, and the inference service of this deployment when it is there.</summary>
internal static class ConfiguredProviders
{
    private static readonly TimeSpan InferenceTimeout = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<ProviderSettings> Read(ProvidersOptions options, IConfiguration configuration)
    {
        var settings = options.Entries.Where(entry => entry.Enabled).Select(From).ToList();

        // Service discovery's own key: without it there is no inference service to find.
        if (configuration["services:inference:http:0"] is { Length: > 0 } inference
            && BaseUrls.TryParse(inference, out var url)
            && !settings.Exists(one => one.Kind == ProviderKind.Jan))
        {
            settings.Add(new("service:inference", "jan", url, null, ProviderKind.Jan, int.MaxValue, InferenceTimeout, ProviderSource.Configuration));
        }

        return settings;
    }

    public static void Bind(ProvidersOptions options, IConfiguration configuration)
    {
        foreach (var child in configuration.GetSection("Providers").GetChildren().Where(child => int.TryParse(child.Key, out _)))
        {
            options.Entries.Add(child.Get<ProviderEntry>() ?? new());
        }
    }

    private static ProviderSettings From(ProviderEntry entry)
    {
        var settings = Single(entry);
        return settings with
        {
            Endpoints = entry.Endpoints.Count == 0
                ? settings.Endpoints
                : [.. entry.Endpoints.Select(one => new EndpointSettings(UrlOf(one.Url, entry), one.Weight, one.Priority))],
            LoadBalancing = Enum.Parse<LoadBalancing>(entry.LoadBalancing, ignoreCase: true),
            Vendor = entry.Vendor,
            Category = entry.Category,
            ApiVersion = entry.ApiVersion,
        };
    }

    private static Uri UrlOf(string text, ProviderEntry entry) =>
        BaseUrls.TryParse(text, out var url) ? url : throw new OptionsValidationException(nameof(ProvidersOptions), typeof(ProvidersOptions), [entry.Name]);

    private static ProviderSettings Single(ProviderEntry entry) => new(
        $"config:{entry.Name}",
        entry.Name,
        UrlOf(entry.BaseUrl, entry),
        entry.ApiKey,
        Enum.Parse<ProviderKind>(entry.Kind, ignoreCase: true),
        entry.Priority,
        TimeSpan.FromSeconds(entry.TimeoutSeconds),
        ProviderSource.Configuration)
    {
        Models = [.. entry.Models.Select(model => new OfferedModel(model.Id, model.UpstreamId ?? model.Id, 0, null))],
    };
}
