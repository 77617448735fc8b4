using System.Text.Json;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Providers;

/// <summary>Turns stored providers into settings, their credentials decrypted.</summary>
internal sealed partial class StoredProviders(ProviderKeys keys, ILogger<StoredProviders> logger)
{
    /// <summary>The key under which the registry has a stored provider.</summary>
    public static string KeyOf(StoredProvider row) => $"db:{row.Id}";

    /// <summary>What a word for a kind means; without one the vendor decides how its API is spoken to.</summary>
    public static string KindOf(string? kind, string? vendor) => kind ?? Vendors.Of(vendor) switch
    {
        Vendors.Azure => "azure",
        Vendors.Anthropic => "anthropic",
        _ => "openai",
    };

    public static LoadBalancing BalancingOf(string name) => name == "least_loaded" ? LoadBalancing.LeastLoaded : LoadBalancing.Weighted;

    /// <summary>The settings of those that are in use.</summary>
    public IReadOnlyList<ProviderSettings> Settings(StoredCatalogue stored) =>
        [.. stored.Providers.Where(row => row.Enabled).Select(row => Settings(row, [.. stored.Endpoints[row.Id]])).OfType<ProviderSettings>()];

    private ProviderSettings? Settings(StoredProvider row, IReadOnlyList<StoredEndpoint> endpoints)
    {
        var secret = row.EncryptedKey is { } blob ? keys.Decrypt(row.Id, blob, row.KeyId!) : null;
        if (row.EncryptedKey is not null && secret is null)
        {
            Log.KeyUnreadable(logger, row.Name, row.KeyId!);
            return null;
        }

        if (!BaseUrls.TryParse(row.BaseUrl, out var url))
        {
            return null;
        }

        var settings = new ProviderSettings(
            KeyOf(row),
            row.Name,
            url,
            secret,
            Enum.Parse<ProviderKind>(row.Kind, ignoreCase: true),
            row.Priority,
            TimeSpan.FromSeconds(row.TimeoutSeconds),
            ProviderSource.Database)
        {
            Vendor = row.Vendor,
            Category = row.Category,
            LoadBalancing = BalancingOf(row.LoadBalancing),
            ApiVersion = row.ApiVersion,
            EnablesNewModels = IsTrue(row.Metadata, "auto_enable_new_models"),
            IsDefaultForImages = row.DefaultProviderImageGenerate,
            IsDefaultForImageEdits = row.DefaultProviderImageEdit,
            Metadata = row.Metadata.GetRawText(),
        };
        return settings with
        {
            Endpoints = endpoints.Count == 0 ? settings.Endpoints : [.. endpoints.Select(Endpoint).OfType<EndpointSettings>()],
            Models = row.Models is null ? [] : Offered(settings, row.Models),
        };
    }

    /// <summary>Whether a member of an administrator's notes is true, also as a word.</summary>
    public static bool IsTrue(JsonElement metadata, string name) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.True
            || (value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var isTrue) && isTrue));

    private static EndpointSettings? Endpoint(StoredEndpoint row) =>
        BaseUrls.TryParse(row.Url, out var url) ? new(url, row.Weight, row.Priority) : null;

    private static IReadOnlyList<OfferedModel> Offered(ProviderSettings settings, IReadOnlyList<string> ids) =>
        [.. ids.Select(id => new OfferedModel(settings.PublicIdOf(id), id, 0, null))];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The credential of provider {Provider} cannot be decrypted with the configured keys (it is under {KeyId})")]
        public static partial void KeyUnreadable(ILogger logger, string provider, string keyId);
    }
}
