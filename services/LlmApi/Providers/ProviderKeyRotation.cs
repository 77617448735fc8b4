using JanServer.LlmApi.Catalogue;

namespace JanServer.LlmApi.Providers;

/// <summary>Brings stored credentials under the current master key, so that the previous one can be forgotten.</summary>
internal sealed class ProviderKeyRotation(ProviderStore store, CatalogueStore catalogue, ProviderKeys keys, TimeProvider clock)
{
    /// <summary>What the command line calls it.</summary>
    public const string Command = "rotate-provider-keys";

    /// <summary>Encrypts every credential anew that is not under the current key. All or none are written.</summary>
    public async Task<KeyRotation> RunAsync(CancellationToken ct)
    {
        var change = await catalogue.BeginChangeAsync(ct);
        await using (change)
        {
            var rows = (await store.ListAsync(null, ct)).Where(row => row.EncryptedKey is not null).ToList();
            var old = rows.Where(row => !keys.IsCurrent(row.KeyId!)).ToList();
            var rotated = new List<StoredProvider>();
            var failed = new List<string>();
            foreach (var row in old)
            {
                if (keys.Decrypt(row.Id, row.EncryptedKey!, row.KeyId!) is { } secret)
                {
                    var (encrypted, keyId) = keys.Encrypt(row.Id, secret);
                    rotated.Add(row with { EncryptedKey = encrypted, KeyId = keyId, UpdatedAt = clock.GetUtcNow() });
                }
                else
                {
                    failed.Add(row.Name);
                }
            }

            await store.UpdateAllAsync(rotated, ct);
            await change.CommitAsync(ct);
            return new(rotated.Count, rows.Count - old.Count, failed);
        }
    }

    /// <summary>The command line's way: runs, says what was done and gives the exit code.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output)
    {
        await using var scope = services.CreateAsyncScope();
        if (!scope.ServiceProvider.GetRequiredService<ProviderKeys>().CanEncrypt)
        {
            await output.WriteLineAsync("There is no key to rotate to: set Providers:Encryption:Key.");
            return 1;
        }

        var done = await scope.ServiceProvider.GetRequiredService<ProviderKeyRotation>().RunAsync(CancellationToken.None);
        await output.WriteLineAsync($"{done.RotatedCount} rotated, {done.SkippedCount} under the current key already.");
        foreach (var provider in done.FailedProviders)
        {
            await output.WriteLineAsync($"The credential of {provider} opens with no configured key; set it anew.");
        }

        return done.FailedProviders.Count == 0 ? 0 : 1;
    }
}
