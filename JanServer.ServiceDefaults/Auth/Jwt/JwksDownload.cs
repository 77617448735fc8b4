using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Fetches the issuer's keys: from the configured address, or from the one that OpenID Connect Discovery 1.0 names.</summary>
internal sealed class JwksDownload(IHttpClientFactory clients, IOptions<JwtOptions> options, TimeProvider clock)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string ClientName = "jwks";

    /// <summary>The largest document that is read, in bytes.</summary>
    public const int MaxDocumentLength = 512 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly JwtOptions _options = options.Value;

    /// <exception cref="HttpRequestException">The issuer does not answer.</exception>
    /// <exception cref="OperationCanceledException">The issuer does not answer in time.</exception>
    /// <exception cref="InvalidDataException">The issuer answers with something else, or for another issuer.</exception>
    public async Task<KeySet> GetAsync()
    {
        if (_options.Jwks is { } inline)
        {
            return Parse(Encoding.UTF8.GetBytes(inline), secrets: true);
        }

        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var client = clients.CreateClient(ClientName);
        var address = _options.JwksUri ?? await DiscoverAsync(client, deadline.Token);
        return Parse(await client.GetByteArrayAsync(address, deadline.Token), secrets: false);
    }

    private async Task<Uri> DiscoverAsync(HttpClient client, CancellationToken ct)
    {
        _options.TryGetMetadata(out var metadata);
        try
        {
            using var document = JsonDocument.Parse(await client.GetByteArrayAsync(metadata, ct));

            // Discovery 1.0 section 4.3: a document that speaks for another issuer is not used.
            if (Member(document, "issuer") is not { } issuer
                || (issuer != _options.Issuer && !_options.ValidIssuers.Contains(issuer)))
            {
                throw new InvalidDataException($"{metadata} does not describe the issuer {_options.Issuer}.");
            }

            return Uri.TryCreate(Member(document, "jwks_uri"), UriKind.Absolute, out var address) && _options.MayFetch(address)
                ? address
                : throw new InvalidDataException($"{metadata} names no usable jwks_uri.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{metadata} is not a discovery document.", exception);
        }
    }

    private static string? Member(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static KeySet Parse(byte[] json, bool secrets) =>
        KeySet.TryParse(json, secrets, out var keys) && keys.Count > 0
            ? keys
            : throw new InvalidDataException("The issuer's JWK Set has no key that tokens could be checked with.");
}
