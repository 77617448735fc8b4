using System.Text;
using System.Text.Json;

namespace JanServer.Accounts.Auditing;

/// <summary>How much of what came with a request an entry keeps.</summary>
internal static class AuditLimits
{
    public const int Name = 100;
    public const int Text = 255;
    public const int UserAgent = 512;

    private const int PayloadBytes = 16 * 1024;

    /// <summary>A text without what PostgreSQL does not store, and not longer than it may be.</summary>
    public static string? Cut(string? text, int max)
    {
        if (text is null)
        {
            return null;
        }

        var storable = text.Replace("\0", "", StringComparison.Ordinal);
        return storable.Length <= max ? storable : storable[..(char.IsHighSurrogate(storable[max - 1]) ? max - 1 : max)];
    }

    /// <summary>A payload as JSON text; one that is too large is kept as its size.</summary>
    public static string? Storable(JsonElement? payload)
    {
        if (payload is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } given)
        {
            return null;
        }

        var json = given.GetRawText();
        var bytes = Encoding.UTF8.GetByteCount(json);
        return bytes <= PayloadBytes ? json : $$"""{"omitted_bytes":{{bytes}}}""";
    }
}
