using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Secrets;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Secrets;

/// <summary>Something encrypted, and the name of the master key.</summary>
internal sealed record Sealed(byte[] Blob, string KeyId);

/// <summary>Encrypts headers, tokens and what else of external servers is secret; see <see cref="SecretSeal"/>.</summary>
internal sealed class SecretBox(IOptions<ExternalEncryptionOptions> options)
{
    /// <summary>Whether there is a key.</summary>
    public bool CanSeal => !string.IsNullOrEmpty(options.Value.Key);

    /// <summary>What to answer when something is to be stored and there is no key.</summary>
    public static ApiError NoKey(string param) => new(
        StatusCodes.Status501NotImplemented,
        ErrorCodes.NotImplemented,
        "This server keeps no secrets: its operator has not set ExternalServers:Encryption:Key.",
        param);

    /// <summary>The name of the current key.</summary>
    public string KeyId => options.Value.KeyId;

    /// <summary>Encrypts a value for the row that <paramref name="owner"/> names.</summary>
    public Sealed Seal<T>(T value, JsonTypeInfo<T> type, string kind, params ReadOnlySpan<Guid> owner)
    {
        var keyId = options.Value.KeyId;
        var blob = SecretSeal.Seal(
            Convert.FromBase64String(options.Value.Key!), Purpose(kind, keyId), JsonSerializer.SerializeToUtf8Bytes(value, type), Bytes(owner));
        return new(blob, keyId);
    }

    /// <summary>Decrypts; null when the master key is not configured, or the row was tampered with.</summary>
    public T? Open<T>(Sealed secret, JsonTypeInfo<T> type, string kind, params ReadOnlySpan<Guid> owner)
        where T : class
    {
        var master = secret.KeyId == options.Value.KeyId ? options.Value.Key
            : secret.KeyId == options.Value.PreviousKeyId ? options.Value.PreviousKey
            : null;
        return string.IsNullOrEmpty(master) ? null
            : SecretSeal.Open(Convert.FromBase64String(master), Purpose(kind, secret.KeyId), secret.Blob, Bytes(owner)) is { } json
                ? JsonSerializer.Deserialize(json, type)
            : null;
    }

    private static string Purpose(string kind, string keyId) => $"janserver/external-servers/{kind}/{keyId}";

    private static byte[] Bytes(ReadOnlySpan<Guid> owner)
    {
        var bytes = new byte[owner.Length * 16];
        for (var i = 0; i < owner.Length; i++)
        {
            owner[i].TryWriteBytes(bytes.AsSpan(i * 16), bigEndian: true, out _);
        }

        return bytes;
    }
}
