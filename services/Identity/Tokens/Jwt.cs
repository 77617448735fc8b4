using System.Buffers;
using System.Text;
using System.Text.Json;
using JanServer.Identity.Keys;

namespace JanServer.Identity.Tokens;

/// <summary>Compact JWS with RS256 (RFC 7515). No other algorithm is produced or accepted.</summary>
internal static class Jwt
{
    public static string Sign(SigningCredential key, Action<Utf8JsonWriter> claims)
    {
        var header = Write(json =>
        {
            json.WriteString("alg", "RS256");
            json.WriteString("typ", "JWT");
            json.WriteString("kid", key.Kid);
        });
        var signed = $"{header}.{Write(claims)}";
        return $"{signed}.{Base64UrlText.Encode(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The kid of a well-formed RS256 token, or null.</summary>
    public static string? KidOf(string token)
    {
        if (token.Split('.') is not [var header, _, _] || Parse(header) is not { } json)
        {
            return null;
        }

        var isRs256 = json.TryGetProperty("alg", out var alg) && alg.ValueKind == JsonValueKind.String && alg.ValueEquals("RS256");
        return isRs256 && json.TryGetProperty("kid", out var kid) && kid.ValueKind == JsonValueKind.String ? kid.GetString() : null;
    }

    /// <summary>The claims of a token that <paramref name="key"/> signed, or null.</summary>
    public static JsonElement? Verify(SigningCredential key, string token)
    {
        var end = token.LastIndexOf('.');
        return Base64UrlText.TryDecode(token.AsSpan(end + 1)) is { } signature && key.Verify(Encoding.UTF8.GetBytes(token[..end]), signature)
            ? Parse(token.Split('.')[1])
            : null;
    }

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Base64UrlText.Encode(buffer.WrittenSpan);
    }

    private static JsonElement? Parse(string part)
    {
        if (Base64UrlText.TryDecode(part) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
