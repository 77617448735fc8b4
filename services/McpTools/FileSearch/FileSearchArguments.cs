using System.Text.Json;

namespace JanServer.McpTools.FileSearch;

/// <summary>Reads arguments that satisfy the schemas of these tools.</summary>
internal static class FileSearchArguments
{
    public static string? Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>The strings of a list, each once; null when it is absent or empty, which is no filter.</summary>
    public static string[]? Texts(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray().Select(one => one.GetString()!).Distinct(StringComparer.Ordinal)]
            : null;

    public static int? Number(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) ? (int)number : null;

    /// <summary>Whether a text, or one within JSON, holds what PostgreSQL stores in no text.</summary>
    public static bool HoldsNul(string text) =>
        text.Contains('\0', StringComparison.Ordinal) || text.Contains("\\u0000", StringComparison.Ordinal);
}
