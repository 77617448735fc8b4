using System.Collections.Concurrent;
using System.Security.Cryptography;
using JanServer.Identity.Realms;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Keys;

/// <summary>
/// The realms' keys in memory, read again every few seconds and whenever an unknown kid shows up. A replica may sign with the previous
/// key for that long after a rotation; that key then still verifies, because passive keys live longer than any token.
/// </summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, KeyProtection protection, IOptions<RealmOptions> options, TimeProvider clock)
    : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MinReloadInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Ring> _rings = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _loading = new(1, 1);

    public async ValueTask<SigningCredential> SigningKeyAsync(Realm realm, CancellationToken ct)
    {
        var ring = await CurrentAsync(realm.Name, MaxAge, ct);
        return ring.Keys.FirstOrDefault(key => key.IsActive)
            ?? throw new InvalidOperationException($"Realm {realm.Name} has no active signing key.");
    }

    public async ValueTask<SigningCredential?> FindAsync(Realm realm, string kid, CancellationToken ct)
    {
        var ring = await CurrentAsync(realm.Name, MaxAge, ct);
        if (ring.Find(kid) is { } known)
        {
            return known;
        }

        // An attacker may send any number of unknown kids: at most one reload per second.
        ring = await CurrentAsync(realm.Name, MinReloadInterval, ct);
        return ring.Find(kid);
    }

    /// <summary>Replaces the active key if it is older than <paramref name="maxAge"/>. True when this call made the new key.</summary>
    public async Task<bool> RotateAsync(string realm, TimeSpan maxAge, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var settings = options.Value.Keys;
        await using var scope = scopes.CreateAsyncScope();
        var replaced = await scope.ServiceProvider.GetRequiredService<KeyStore>().ReplaceActiveAsync(
            realm, now - maxAge, now + TimeSpan.FromHours(settings.PassiveHours), () => Create(realm, settings.Bits, now), ct);
        _rings.TryRemove(realm, out _);
        return replaced;
    }

    public void Dispose() => _loading.Dispose();

    private SigningKey Create(string realm, int bits, DateTimeOffset now)
    {
        using var rsa = RSA.Create(bits);
        var publicKey = rsa.ExportSubjectPublicKeyInfo();
        var kid = Tokens.Base64UrlText.Encode(SHA256.HashData(publicKey));
        var privateKey = rsa.ExportPkcs8PrivateKey();
        try
        {
            return new SigningKey
            {
                Kid = kid,
                Realm = realm,
                State = KeyState.Active,
                PublicKey = publicKey,
                PrivateKey = protection.Seal(kid, privateKey),
                CreatedAt = now,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    private async ValueTask<Ring> CurrentAsync(string realm, TimeSpan maxAge, CancellationToken ct)
    {
        if (_rings.TryGetValue(realm, out var ring) && clock.GetElapsedTime(ring.LoadedAt) < maxAge)
        {
            return ring;
        }

        await _loading.WaitAsync(ct);
        try
        {
            if (_rings.TryGetValue(realm, out ring) && clock.GetElapsedTime(ring.LoadedAt) < maxAge)
            {
                return ring;
            }

            // The replaced ring is left to the finalizer: a request may still sign with it.
            return _rings[realm] = await LoadAsync(realm, ring, ct);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<Ring> LoadAsync(string realm, Ring? previous, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<KeyStore>().ListUsableAsync(realm, clock.GetUtcNow(), ct);
        var keys = rows.Select(row => previous?.Reuse(row) ?? Open(row)).ToList();
        return new Ring(keys, clock.GetTimestamp());
    }

    private SigningCredential Open(SigningKey row)
    {
        var rsa = RSA.Create();
        if (row is { State: KeyState.Active, PrivateKey: { } sealedKey })
        {
            try
            {
                rsa.ImportPkcs8PrivateKey(protection.Open(row.Kid, sealedKey), out _);
            }
            catch (CryptographicException failure)
            {
                rsa.Dispose();
                throw new InvalidOperationException(
                    $"The signing key {row.Kid} of realm {row.Realm} cannot be decrypted: Identity:KeyEncryptionKey is not the one it was "
                    + "stored under. Restore that key, or delete the rows of signing_keys (every issued token becomes invalid).",
                    failure);
            }
        }
        else
        {
            rsa.ImportSubjectPublicKeyInfo(row.PublicKey, out _);
        }

        return new SigningCredential(row.Kid, row.State == KeyState.Active, rsa);
    }

    private sealed record Ring(IReadOnlyList<SigningCredential> Keys, long LoadedAt)
    {
        public SigningCredential? Find(string kid) => Keys.FirstOrDefault(key => key.Kid == kid);

        public SigningCredential? Reuse(SigningKey row) =>
            Find(row.Kid) is { } key && key.IsActive == (row.State == KeyState.Active) ? key : null;
    }
}
