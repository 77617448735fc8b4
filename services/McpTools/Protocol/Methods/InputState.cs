using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary>
/// Signs the state that a tool gives its client to bring back with the answers (MRTR of revision 2026-07-28), so that it comes back
/// unchanged, from the same user, for the same tool, and soon. No replica has to remember it.
/// </summary>
internal sealed class InputState(IOptions<CallerTokenOptions> keys, TimeProvider clock)
{
    private const char Separator = '.';

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly byte[] _key = KeyOf(keys.Value.Key);
    private readonly byte[]? _previousKey = keys.Value.PreviousKey is { Length: > 0 } previous ? KeyOf(previous) : null;

    /// <summary>The state as the client sees it.</summary>
    /// <param name="state">The tool's own.</param>
    /// <param name="caller">Who may bring it back.</param>
    /// <param name="purpose">What for, such as <c>tools/call google_search</c>.</param>
    public string Seal(string state, Caller caller, string purpose)
    {
        var expires = (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(state));
        return string.Join(Separator, expires, text, Base64Url.EncodeToString(Sign(_key, expires, text, caller, purpose)));
    }

    /// <summary>The tool's own state.</summary>
    /// <exception cref="McpProtocolException">It was changed, is too old, or is someone else's (-32602).</exception>
    public string Open(string seal, Caller caller, string purpose)
    {
        var parts = seal.Split(Separator);
        return parts.Length == 3
            && Base64Url.IsValid(parts[1])
            && Base64Url.IsValid(parts[2])
            && IsSigned(parts, caller, purpose)
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && expires > clock.GetUtcNow().ToUnixTimeSeconds()
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]))
            : throw new McpProtocolException("'params.requestState' is not the state that was given out, or it is too old.", McpErrorCode.InvalidParams);
    }

    private bool IsSigned(string[] parts, Caller caller, string purpose)
    {
        var given = Base64Url.DecodeFromChars(parts[2]);
        return CryptographicOperations.FixedTimeEquals(given, Sign(_key, parts[0], parts[1], caller, purpose))
            || (_previousKey is not null && CryptographicOperations.FixedTimeEquals(given, Sign(_previousKey, parts[0], parts[1], caller, purpose)));
    }

    private static byte[] Sign(byte[] key, string expires, string text, Caller caller, string purpose) => HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes(string.Join('\n', expires, text, caller.UserId.ToString(), caller.ProjectId.ToString(), purpose)));

    // A key of its own, so that nothing that is signed here is a caller token.
    private static byte[] KeyOf(string key) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "mcp-tools input state"u8);
}
