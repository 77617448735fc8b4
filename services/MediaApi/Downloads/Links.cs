using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Objects;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Downloads;

/// <summary>
/// Links that work without a credential and end. A link says which file and until when, and both are signed (HMAC-SHA-256), so that
/// any replica can check it without a row.
/// </summary>
internal sealed class Links(IOptions<MediaOptions> options, TimeProvider clock)
{
    private readonly byte[] _key = options.Value.Key;
    private readonly string _prefix = $"{options.Value.PublicUrl.AbsoluteUri.TrimEnd('/')}/api/media/";
    private readonly int _seconds = options.Value.LinkSeconds;

    public SignedLink To(Id<MediaRef> id)
    {
        var expires = clock.GetUtcNow().ToUnixTimeSeconds() + _seconds;
        var signature = Base64Url.EncodeToString(Sign(id, expires));
        return new(
            id.ToString(),
            string.Create(CultureInfo.InvariantCulture, $"{_prefix}{id}?expires={expires}&signature={signature}"),
            _seconds,
            expires);
    }

    /// <summary>How long a link is still good; null when it is not, or not from us.</summary>
    public TimeSpan? Check(Id<MediaRef> id, long? expires, string? signature)
    {
        if (expires is not { } end || signature is null)
        {
            return null;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!Base64Url.TryDecodeFromChars(signature, given, out var length)
            || length != given.Length
            || !CryptographicOperations.FixedTimeEquals(given, Sign(id, end)))
        {
            return null;
        }

        // Signed by us, so the number is one of ours and cannot overflow.
        var left = end - clock.GetUtcNow().ToUnixTimeSeconds();
        return left > 0 ? TimeSpan.FromSeconds(left) : null;
    }

    private byte[] Sign(Id<MediaRef> id, long expires) =>
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"media\n{id}\n{expires}")));
}
