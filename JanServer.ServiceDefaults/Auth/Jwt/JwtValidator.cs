using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>
/// Validates access tokens: JWS compact serialization (RFC 7515) with the claims of RFC 7519, under the rules of RFC 8725. Expected
/// failures are results, not exceptions. Nothing is remembered; <c>CredentialCache</c> makes repeated checks cheap.
/// </summary>
public sealed class JwtValidator
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxTokenLength = 16 * 1024;

    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    // Base64Url itself skips white space and takes padding; RFC 7515 section 2 allows neither.
    private static readonly SearchValues<char> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly JwksClient _jwks;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _skew;
    private readonly HashSet<string> _issuers;
    private readonly HashSet<string> _audiences;

    internal JwtValidator(JwksClient jwks, IOptions<JwtOptions> options, TimeProvider clock)
    {
        var settings = options.Value;
        _jwks = jwks;
        _clock = clock;
        _skew = TimeSpan.FromSeconds(settings.ClockSkewSeconds);
        _issuers = new([settings.Issuer, .. settings.ValidIssuers], StringComparer.Ordinal);
        _audiences = new(settings.Audiences.Count > 0 ? settings.Audiences : ["account"], StringComparer.Ordinal);
    }

    /// <summary>Whether the text looks like a JWT at all, so that other kinds of credentials can be told apart.</summary>
    public static bool IsJwt(ReadOnlySpan<char> credential) =>
        credential.StartsWith("eyJ", StringComparison.Ordinal) && credential.Count('.') == 2;

    /// <summary>Validates a token.</summary>
    /// <param name="token">The token without <c>Bearer</c>.</param>
    /// <param name="ct">Ends the wait for keys that are being fetched.</param>
    public async ValueTask<JwtResult> ValidateAsync(string token, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > MaxTokenLength)
        {
            return JwtResult.Refused(JwtFailure.TooLarge);
        }

        if (!TrySplit(token, out var header, out var claims, out var signature))
        {
            return JwtResult.Refused(JwtFailure.Malformed);
        }

        using var headerJson = TryParse(header);
        using var claimsJson = TryParse(claims);
        if (headerJson is null || claimsJson is null)
        {
            return JwtResult.Refused(JwtFailure.Malformed);
        }

        try
        {
            return await ValidateAsync(token, headerJson.RootElement, claimsJson.RootElement, signature, ct);
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for a string that is not Unicode, such as a lone surrogate.
            return JwtResult.Refused(JwtFailure.Malformed);
        }
    }

    private async ValueTask<JwtResult> ValidateAsync(
        string token,
        JsonElement header,
        JsonElement claims,
        byte[] signature,
        CancellationToken ct)
    {
        var failure = JwtHeader.Read(header, out var algorithm, out var keyId);
        if (failure == JwtFailure.None)
        {
            // Before the key is looked for: another issuer's tokens must not make us fetch our issuer's keys.
            failure = JwtClaimsReader.ReadIssuer(claims, _issuers);
        }

        if (failure == JwtFailure.None)
        {
            failure = await VerifyAsync(token, algorithm, keyId, signature, ct);
        }

        return failure == JwtFailure.None
            ? JwtClaimsReader.Read(claims, _audiences, _clock.GetUtcNow(), _skew)
            : JwtResult.Refused(failure);
    }

    private async ValueTask<JwtFailure> VerifyAsync(
        string token,
        JwtAlgorithm algorithm,
        string? keyId,
        byte[] signature,
        CancellationToken ct)
    {
        if (await _jwks.GetAsync(ct) is not { } keys)
        {
            return JwtFailure.KeysUnavailable;
        }

        var failure = Verify(keys, token, algorithm, keyId, signature);
        if (failure == JwtFailure.UnknownKey && await _jwks.RefreshAsync(ct) is { } fresh && fresh != keys)
        {
            failure = Verify(fresh, token, algorithm, keyId, signature);
        }

        return failure;
    }

    private static JwtFailure Verify(KeySet keys, string token, JwtAlgorithm algorithm, string? keyId, byte[] signature)
    {
        var failure = JwtFailure.UnknownKey;
        var signed = Encoding.ASCII.GetBytes(token, 0, token.LastIndexOf('.'));
        foreach (var key in keys.Find(keyId))
        {
            if (!key.Allows(algorithm))
            {
                failure = failure == JwtFailure.UnknownKey ? JwtFailure.AlgorithmNotAllowed : failure;
            }
            else if (key.Verify(algorithm, signed, signature))
            {
                return JwtFailure.None;
            }
            else
            {
                failure = JwtFailure.BadSignature;
            }
        }

        return failure;
    }

    private static bool TrySplit(string token, out byte[] header, out byte[] claims, out byte[] signature)
    {
        header = claims = signature = [];
        Span<Range> parts = stackalloc Range[4];
        return token.AsSpan().Split(parts, '.') == 3
            && TryDecode(token.AsSpan(parts[0]), out header)
            && TryDecode(token.AsSpan(parts[1]), out claims)
            && TryDecode(token.AsSpan(parts[2]), out signature);
    }

    private static bool TryDecode(ReadOnlySpan<char> part, out byte[] bytes)
    {
        bytes = [];
        if (part.ContainsAnyExcept(Base64UrlCharacters))
        {
            return false;
        }

        var buffer = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (Base64Url.DecodeFromChars(part, buffer, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        bytes = buffer.AsSpan(0, length).ToArray();
        return true;
    }

    private static JsonDocument? TryParse(byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, not UTF-8, too deep, or a member twice: malformed all the same.
        }

        return null;
    }
}
