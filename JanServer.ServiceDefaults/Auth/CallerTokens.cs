using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>
/// Issues and verifies caller tokens: short-lived HS256 JWTs (RFC 7519) by which the gateway and the services tell each other who
/// is calling. The header is fixed, so a token with any other algorithm, type or key does not even compare equal.
/// </summary>
public sealed class CallerTokens
{
    /// <summary>The request header between services. The gateway drops it from inbound requests.</summary>
    public const string HeaderName = "Jan-Caller";

    /// <summary>The role of services.</summary>
    public const string ServiceRole = "service";

    private const int MaxTokenLength = 8192;
    private const int SignatureLength = 43;

    // {"alg":"HS256","typ":"caller+jwt"}
    private static readonly string Header = Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"caller+jwt\"}"u8) + ".";

    private readonly byte[] _key;
    private readonly byte[]? _previousKey;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _clock;

    /// <summary>Reads the keys from the options.</summary>
    public CallerTokens(IOptions<CallerTokenOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _clock = clock;
        _key = Encoding.UTF8.GetBytes(options.Value.Key);
        _previousKey = options.Value.PreviousKey is { Length: > 0 } previous ? Encoding.UTF8.GetBytes(previous) : null;
        _lifetime = TimeSpan.FromSeconds(options.Value.LifetimeSeconds);
    }

    /// <summary>Signs a statement of who is calling, valid for the configured lifetime.</summary>
    public string Issue(Caller caller)
    {
        var now = _clock.GetUtcNow();
        var claims = new ArrayBufferWriter<byte>(512);
        CallerClaims.Write(claims, caller, now, now + _lifetime);
        var text = Header + Base64Url.EncodeToString(claims.WrittenSpan);
        return text + "." + Sign(_key, text);
    }

    /// <summary>Signs a token for a service that acts on its own behalf.</summary>
    /// <param name="service">The service's resource name, such as <c>gateway</c>.</param>
    public string IssueForService(string service) => Issue(new()
    {
        Subject = $"service:{service}",
        Method = AuthMethod.Service,
        Roles = new HashSet<string>(StringComparer.Ordinal) { ServiceRole },
        Scopes = new HashSet<string>(StringComparer.Ordinal) { Scopes.All },
    });

    /// <summary>Verifies a token; false for anything that this deployment did not sign or that has expired.</summary>
    public bool TryValidate(ReadOnlySpan<char> token, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (token.Length is <= SignatureLength or > MaxTokenLength || !token.StartsWith(Header, StringComparison.Ordinal))
        {
            return false;
        }

        var dot = token.Length - SignatureLength - 1;
        if (token[dot] != '.' || dot <= Header.Length || !IsSigned(token[..dot], token[(dot + 1)..]))
        {
            return false;
        }

        var encoded = token[Header.Length..dot];
        var claims = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(encoded.Length));
        try
        {
            return Base64Url.TryDecodeFromChars(encoded, claims, out var length)
                && CallerClaims.TryRead(claims.AsSpan(0, length), _clock.GetUtcNow(), out caller);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(claims);
        }
    }

    private bool IsSigned(ReadOnlySpan<char> text, ReadOnlySpan<char> signature)
    {
        Span<byte> expected = stackalloc byte[SignatureLength];
        Span<byte> given = stackalloc byte[SignatureLength];
        if (!Ascii.IsValid(signature) || Encoding.ASCII.GetBytes(signature, given) != SignatureLength)
        {
            return false;
        }

        SignTo(_key, text, expected);
        var ok = CryptographicOperations.FixedTimeEquals(expected, given);
        if (!ok && _previousKey is not null)
        {
            SignTo(_previousKey, text, expected);
            ok = CryptographicOperations.FixedTimeEquals(expected, given);
        }

        return ok;
    }

    private static string Sign(byte[] key, string text)
    {
        Span<byte> signature = stackalloc byte[SignatureLength];
        SignTo(key, text, signature);
        return Encoding.ASCII.GetString(signature);
    }

    private static void SignTo(byte[] key, ReadOnlySpan<char> text, Span<byte> signature)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(text, bytes);
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(key, bytes.AsSpan(0, length), mac);
            Base64Url.EncodeToUtf8(mac, signature);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
