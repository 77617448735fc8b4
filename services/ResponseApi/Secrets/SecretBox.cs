using System.Text;
using JanServer.ServiceDefaults.Secrets;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Secrets;

/// <summary>Encrypts what responses and webhooks keep secret, by <see cref="SecretSeal"/>. Whose it is is authenticated with it.</summary>
internal sealed class SecretBox(IOptions<EncryptionOptions> options)
{
    /// <param name="purpose">What kind of secret it is, such as <c>webhook</c>.</param>
    /// <param name="boundTo">Whose it is: an id.</param>
    /// <param name="plain">The secret.</param>
    public byte[] Seal(string purpose, string boundTo, ReadOnlySpan<byte> plain) =>
        SecretSeal.Seal(Convert.FromBase64String(options.Value.Key), Context(purpose), plain, Encoding.UTF8.GetBytes(boundTo));

    /// <summary>The secret, or null when its master key is not configured, or it was tampered with or is not for this.</summary>
    public byte[]? Open(string purpose, string boundTo, ReadOnlySpan<byte> blob) =>
        Open(options.Value.Key, purpose, boundTo, blob) ?? Open(options.Value.PreviousKey, purpose, boundTo, blob);

    private static byte[]? Open(string? key, string purpose, string boundTo, ReadOnlySpan<byte> blob) => string.IsNullOrEmpty(key)
        ? null
        : SecretSeal.Open(Convert.FromBase64String(key), Context(purpose), blob, Encoding.UTF8.GetBytes(boundTo));

    private static string Context(string purpose) => $"janserver/response-api/{purpose}";
}
