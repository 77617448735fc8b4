using Microsoft.Extensions.Options;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>
/// The access token that the admin API is called with, kept until shortly before it expires. However many requests need a new
/// one, one of them fetches it.
/// </summary>
internal sealed class KeycloakAdminToken(IOptions<KeycloakOptions> options, TimeProvider clock) : IDisposable
{
    // A token that is younger than this when its answer arrives is used at least once.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    private readonly KeycloakOptions _options = options.Value;
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile Cached? _cached;

    /// <summary>The current token.</summary>
    public async Task<string> GetAsync(KeycloakClient client, CancellationToken ct)
    {
        if (Current() is { } current)
        {
            return current;
        }

        await _fetching.WaitAsync(ct);
        try
        {
            if (Current() is { } fetchedMeanwhile)
            {
                return fetchedMeanwhile;
            }

            var tokens = await SignInAsync(client, ct);
            _cached = new(tokens.AccessToken, clock.GetUtcNow() + TimeSpan.FromSeconds(tokens.ExpiresIn) - Margin);
            return tokens.AccessToken;
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>Forgets a token that the provider no longer accepts.</summary>
    public void Forget(string token)
    {
        if (_cached is { } cached && cached.Token == token)
        {
            Interlocked.CompareExchange(ref _cached, null, cached);
        }
    }

    public void Dispose() => _fetching.Dispose();

    private string? Current() => _cached is { } cached && cached.Until > clock.GetUtcNow() ? cached.Token : null;

    private async Task<KeycloakTokens> SignInAsync(KeycloakClient client, CancellationToken ct)
    {
        if (_options.HasBackend
            && await client.SignInAsBackendAsync(ct) is { } backend
            && (!_options.HasAdmin || AccessToken.Read(backend.AccessToken) is { ManagesUsers: true }))
        {
            return backend;
        }

        if (!_options.HasAdmin)
        {
            throw IdentityProviderException.Unexpected(
                "neither Keycloak:BackendClientSecret nor Keycloak:AdminUsername and AdminPassword sign in");
        }

        return await client.SignInAsAdminAsync(ct)
            ?? throw IdentityProviderException.Unexpected("the administrator's password is refused");
    }

    private sealed record Cached(string Token, DateTimeOffset Until);
}
