using JanServer.Contracts.Ids;
using JanServer.LlmApi.Upstreams;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Providers;

/// <summary>Makes and changes stored providers and says how all providers are.</summary>
internal sealed class ProviderAdministration(
    ProviderStore store, ProviderRegistry registry, ProviderKeys keys, StoredProviders stored, ModelRefresh refresh, TimeProvider clock)
{
    public async Task<IReadOnlyList<ProviderResource>> ListAsync(CancellationToken ct)
    {
        var rows = await store.ListAsync(ct);
        return
        [
            .. rows.Select(Resource),
            .. registry.Providers.Where(provider => provider.Settings.Source != ProviderSource.Database).Select(Resource),
        ];
    }

    public async Task<(ProviderResource? Provider, ApiError? Error)> CreateAsync(CreateProvider input, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var row = new StoredProvider
        {
            Id = Id<StoredProvider>.New(clock),
            Name = input.Name!.Trim(),
            BaseUrl = input.BaseUrl!.Trim(),
            Kind = input.Kind ?? "openai",
            Enabled = input.Enabled ?? true,
            Priority = input.Priority ?? 100,
            TimeoutSeconds = input.TimeoutSeconds ?? 600,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await SaveAsync(row, input.ApiKey, store.AddAsync, ct);
    }

    public async Task<(ProviderResource? Provider, ApiError? Error)> UpdateAsync(Id<StoredProvider> id, UpdateProvider input, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is not { } row)
        {
            return (null, ApiError.NotFound("provider"));
        }

        var changed = row with
        {
            Name = input.Name?.Trim() ?? row.Name,
            BaseUrl = input.BaseUrl?.Trim() ?? row.BaseUrl,
            Kind = input.Kind ?? row.Kind,
            Enabled = input.Enabled ?? row.Enabled,
            Priority = input.Priority ?? row.Priority,
            TimeoutSeconds = input.TimeoutSeconds ?? row.TimeoutSeconds,
            UpdatedAt = clock.GetUtcNow(),
        };
        return await SaveAsync(changed, input.ApiKey, store.UpdateAsync, ct);
    }

    public async Task<ProviderResource?> FindAsync(Id<StoredProvider> id, CancellationToken ct) =>
        await store.FindAsync(id, ct) is { } row ? Resource(row) : null;

    public async Task<bool> RemoveAsync(Id<StoredProvider> id, CancellationToken ct)
    {
        var removed = await store.RemoveAsync(id, ct);
        await stored.ReloadAsync(ct);
        return removed > 0;
    }

    private async Task<(ProviderResource? Provider, ApiError? Error)> SaveAsync(
        StoredProvider row, string? apiKey, Func<StoredProvider, CancellationToken, Task> save, CancellationToken ct)
    {
        if (row.Name.Length == 0)
        {
            return (null, ApiError.Invalid("name", "A provider's name must not be blank."));
        }

        if (await store.IsNameTakenAsync(row.Name, row.Id, ct))
        {
            return (null, ApiError.Conflict("Another provider has that name.", "name"));
        }

        if (apiKey is { Length: > 0 })
        {
            if (!keys.CanEncrypt)
            {
                return (null, ApiError.Unavailable("This server has no key to store credentials under; set Providers:Encryption:Key."));
            }

            var (encrypted, keyId) = keys.Encrypt(row.Id, apiKey);
            row = row with { EncryptedKey = encrypted, KeyId = keyId };
        }
        else if (apiKey is not null)
        {
            row = row with { EncryptedKey = null, KeyId = null };
        }

        await save(row, ct);
        await stored.ReloadAsync(ct);
        if (Find(row) is { } provider)
        {
            // A listing that fails leaves the provider stored and marked unhealthy; it is asked again in the background.
            await refresh.RefreshAsync(provider, ct);
        }

        return (Resource(row), null);
    }

    private Provider? Find(StoredProvider row) =>
        registry.Providers.FirstOrDefault(provider => provider.Settings.Key == StoredProviders.KeyOf(row));

    private ProviderResource Resource(StoredProvider row)
    {
        var provider = Find(row);
        return new(
            row.Id.ToString(),
            row.Name,
            row.BaseUrl,
            row.Kind,
            "database",
            row.Enabled,
            row.Priority,
            row.TimeoutSeconds,
            row.EncryptedKey is not null,
            provider is null ? "unknown" : HealthOf(provider),
            provider?.Problem,
            provider is null ? "closed" : CircuitOf(provider),
            provider is null ? [] : ModelsOf(provider),
            row.CreatedAt,
            row.UpdatedAt);
    }

    private static ProviderResource Resource(Provider provider) => new(
        provider.Settings.Key,
        provider.Settings.Name,
        provider.Settings.BaseUrl.ToString(),
        KindOf(provider.Settings.Kind),
        provider.Settings.Source == ProviderSource.Engine ? "engine" : "configuration",
        true,
        provider.Settings.Priority,
        (int)provider.Settings.Timeout.TotalSeconds,
        provider.Settings.ApiKey is { Length: > 0 },
        HealthOf(provider),
        provider.Problem,
        CircuitOf(provider),
        ModelsOf(provider),
        null,
        null);

    private static string KindOf(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAi => "openai",
        ProviderKind.Azure => "azure",
        ProviderKind.Engine => "engine",
        _ => "jan",
    };

    private static string HealthOf(Provider provider) => provider.Health switch
    {
        ProviderHealth.Healthy => "healthy",
        ProviderHealth.Unhealthy => "unhealthy",
        _ => "unknown",
    };

    private static string CircuitOf(Provider provider) => provider.Breaker.State switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half_open",
        _ => "open",
    };

    private static IReadOnlyList<string> ModelsOf(Provider provider) => [.. provider.Offered.Select(model => model.Id)];
}
