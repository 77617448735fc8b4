using System.Globalization;

namespace JanServer.LlmApi.Context;

/// <summary>What was taken from a prompt so that it fits.</summary>
/// <param name="Dropped">Messages that went as a whole.</param>
/// <param name="Truncated">Texts, tool results and arguments that were cut.</param>
/// <param name="Images">Images that went.</param>
internal sealed record TrimReport(int Dropped, int Truncated, int Images)
{
    /// <summary>The response header that tells clients.</summary>
    public const string HeaderName = "X-Trimmed-Messages";

    public bool IsEmpty => Dropped == 0 && Truncated == 0 && Images == 0;

    /// <summary>The header's value.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"dropped={Dropped}, truncated={Truncated}, images={Images}");
}
