namespace JanServer.Identity;

/// <summary>Texts as ILIKE patterns, in which only what is added here is a wildcard.</summary>
internal static class LikePattern
{
    public const string Escape = "\\";

    public static string Equal(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);

    public static string Containing(string text) => $"%{Equal(text)}%";
}
