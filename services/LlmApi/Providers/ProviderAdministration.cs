using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Sync;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Providers;

/// <summary>Makes and changes stored providers and says how all providers are.</summary>
internal sealed class ProviderAdministration(
    ProviderStore store,
    CatalogueStore catalogue,
    CatalogueReload reload,
    ProviderRegistry registry,
    ProviderResources resources,
    ProviderKeys keys,
    ProviderSync sync,
    TimeProvider clock)
{
    private const int MaxMetadataLength = 65_536;

    public async Task<IReadOnlyList<ProviderResource>> ListAsync(string? search, CancellationToken ct)
    {
        await reload.ReloadAsync(ct);
        var rows = await store.ListAsync(search, ct);
        var endpoints = (await store.EndpointsAsync([.. rows.Select(row => row.Id)], ct)).ToLookup(row => row.ProviderId);
        return
        [
            .. rows.Select(row => resources.Describe(row, [.. endpoints[row.Id]], withModels: false)),
            .. registry.Providers.Where(provider => provider.Settings.Source != ProviderSource.Database && Matches(provider.Settings, search))
                .Select(provider => resources.Describe(provider, withModels: false)),
        ];
    }

    public async Task<(ProviderResource? Provider, ApiError? Error)> CreateAsync(CreateProvider input, CancellationToken ct)
    {
        if (input.Name is null)
        {
            return (null, ApiError.Missing("name"));
        }

        var (endpoints, error) = EndpointInputs.Read(input);
        if (endpoints is null)
        {
            return (null, error ?? ApiError.Missing("base_url"));
        }

        var now = clock.GetUtcNow();
        var row = new StoredProvider
        {
            Id = Id<StoredProvider>.New(clock),
            Name = input.Name.Trim(),
            BaseUrl = endpoints[0].Url!.Trim(),
            Kind = StoredProviders.KindOf(input.Kind, input.Vendor),
            Vendor = Blank(input.Vendor),
            Category = input.Category ?? (Vendors.Of(input.Vendor) == Vendors.ZImage ? ProviderCategories.Image : ProviderCategories.Llm),
            LoadBalancing = input.LoadBalancing ?? "weighted",
            ApiVersion = Blank(input.ApiVersion),
            Models = input.Models is { Count: > 0 } models ? [.. models] : null,
            DefaultProviderImageGenerate = input.DefaultProviderImageGenerate ?? false,
            DefaultProviderImageEdit = input.DefaultProviderImageEdit ?? false,
            Metadata = input.Metadata ?? JsonElement.Parse("{}"),
            Enabled = input.Active ?? true,
            Priority = input.Priority ?? 100,
            TimeoutSeconds = input.TimeoutSeconds ?? 600,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await SaveAsync(row.Id, _ => row, endpoints, new(input.ApiKey), isNew: true, ct);
    }

    public async Task<(ProviderResource? Provider, ApiError? Error)> UpdateAsync(Id<StoredProvider> id, UpdateProvider input, CancellationToken ct)
    {
        var (endpoints, error) = EndpointInputs.Read(input);
        return error is not null ? (null, error) : await SaveAsync(id, row => Changed(row, input, endpoints), endpoints, input.ApiKey, isNew: false, ct);
    }

    public async Task<ProviderResource?> FindAsync(Id<StoredProvider> id, CancellationToken ct)
    {
        await reload.ReloadAsync(ct);
        return await store.FindAsync(id, ct) is { } row ? resources.Describe(row, await store.EndpointsAsync([id], ct), withModels: true) : null;
    }

    public async Task<bool> RemoveAsync(Id<StoredProvider> id, CancellationToken ct)
    {
        var change = await catalogue.BeginChangeAsync(ct);
        await using (change)
        {
            if (await store.RemoveAsync(id, ct) == 0)
            {
                return false;
            }

            await change.CommitAsync(ct);
        }

        await reload.ReloadAsync(ct);
        return true;
    }

    /// <summary>Looks at a provider now; null when there is none in use with that id.</summary>
    public async Task<ProviderResource?> SyncAsync(string id, CancellationToken ct)
    {
        await reload.ReloadAsync(ct);
        if (registry.Find(ProviderModelResources.KeyOf(id)) is not { } provider)
        {
            return null;
        }

        await sync.RunAsync([provider], ct);
        return provider.Settings.Source == ProviderSource.Database
            ? await FindAsync(Id<StoredProvider>.Parse(id, null), ct)
            : resources.Describe(provider, withModels: true);
    }

    private StoredProvider Changed(StoredProvider row, UpdateProvider input, IReadOnlyList<EndpointInput>? endpoints)
    {
        var vendor = input.Vendor.IsGiven ? Blank(input.Vendor.Value) : row.Vendor;
        return row with
        {
            Name = input.Name?.Trim() ?? row.Name,
            BaseUrl = endpoints?[0].Url!.Trim() ?? row.BaseUrl,
            Kind = input.Kind ?? row.Kind,
            Vendor = vendor,
            LoadBalancing = input.LoadBalancing ?? row.LoadBalancing,
            ApiVersion = Blank(input.ApiVersion.Or(row.ApiVersion)),
            Models = input.Models.Or(row.Models) is { Count: > 0 } models ? [.. models] : null,
            DefaultProviderImageGenerate = input.DefaultProviderImageGenerate ?? row.DefaultProviderImageGenerate,
            DefaultProviderImageEdit = input.DefaultProviderImageEdit ?? row.DefaultProviderImageEdit,
            Metadata = input.Metadata.Or(row.Metadata) ?? JsonElement.Parse("{}"),
            Enabled = input.Active ?? row.Enabled,
            Priority = input.Priority ?? row.Priority,
            TimeoutSeconds = input.TimeoutSeconds ?? row.TimeoutSeconds,
            UpdatedAt = clock.GetUtcNow(),
        };
    }

    private async Task<(ProviderResource? Provider, ApiError? Error)> SaveAsync(
        Id<StoredProvider> id,
        Func<StoredProvider, StoredProvider> make,
        IReadOnlyList<EndpointInput>? endpoints,
        Patch<string> apiKey,
        bool isNew,
        CancellationToken ct)
    {
        var change = await catalogue.BeginChangeAsync(ct);
        await using (change)
        {
            var known = isNew ? null : await store.FindAsync(id, ct);
            if (known is null && !isNew)
            {
                return (null, ApiError.NotFound("provider"));
            }

            var row = make(known!);
            if (await CheckAsync(row, ct) is { } error)
            {
                return (null, error);
            }

            if (apiKey is { IsGiven: true, Value: { Length: > 0 } secret })
            {
                if (!keys.CanEncrypt)
                {
                    return (null, ApiError.Unavailable("This server has no key to store credentials under; set Providers:Encryption:Key."));
                }

                var (encrypted, keyId) = keys.Encrypt(row.Id, secret);
                row = row with { EncryptedKey = encrypted, KeyId = keyId };
            }
            else if (apiKey.IsGiven)
            {
                row = row with { EncryptedKey = null, KeyId = null };
            }

            await store.SaveAsync(row, isNew, endpoints is null ? null : [.. endpoints.Select((one, i) => Endpoint(row.Id, one, i))], ct);
            await change.CommitAsync(ct);
        }

        await reload.ReloadAsync(ct);
        if (registry.Find($"db:{id}") is { } provider)
        {
            // A look that fails leaves the provider stored and marked unhealthy; it is asked again in the background.
            await sync.RunAsync([provider], ct);
        }

        var saved = await FindAsync(id, ct);
        return (saved, saved is null ? ApiError.NotFound("provider") : null);
    }

    private async Task<ApiError?> CheckAsync(StoredProvider row, CancellationToken ct) =>
        row.Name.Length == 0 ? ApiError.Invalid("name", "A provider's name must not be blank.")
        : row.Metadata.ValueKind != JsonValueKind.Object ? ApiError.Invalid("metadata", "It must be a JSON object.")
        : row.Metadata.GetRawText() is var text && (text.Length > MaxMetadataLength || text.Contains("\\u0000", StringComparison.Ordinal))
            ? ApiError.Invalid("metadata", $"It must have at most {MaxMetadataLength} characters and no NUL.")
        : row.Vendor is { Length: > 64 } ? ApiError.Invalid("vendor", "It must have at most 64 characters.")
        : row.ApiVersion is { Length: > 64 } ? ApiError.Invalid("api_version", "It must have at most 64 characters.")
        : row.Models is { } models && (models.Length > 1000 || models.Any(model => string.IsNullOrWhiteSpace(model) || model.Length > 256 || model.Any(char.IsControl)))
            ? ApiError.Invalid("models", "They must be at most 1000 ids of 1 to 256 characters.")
        : await store.IsNameTakenAsync(row.Name, row.Id, ct) ? ApiError.Conflict("Another provider has that name.", "name")
        : null;

    private static StoredEndpoint Endpoint(Id<StoredProvider> provider, EndpointInput input, int position) => new()
    {
        ProviderId = provider,
        Url = input.Url!.Trim(),
        Weight = input.Weight ?? 1,
        Priority = input.Priority ?? 0,
        Position = position,
    };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool Matches(ProviderSettings settings, string? search) =>
        string.IsNullOrEmpty(search) || settings.Name.Contains(search, StringComparison.OrdinalIgnoreCase)
        || settings.Vendor?.Contains(search, StringComparison.OrdinalIgnoreCase) == true;
}
