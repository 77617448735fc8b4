namespace JanServer.McpTools.Python;

/// <summary>What a file is: by its first bytes where media-api stores it, else by its name.</summary>
internal static class FileKinds
{
    private static readonly Dictionary<string, string> ByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = "text/csv",
        [".htm"] = "text/html",
        [".html"] = "text/html",
        [".js"] = "text/javascript",
        [".json"] = "application/json",
        [".log"] = "text/plain",
        [".md"] = "text/markdown",
        [".py"] = "text/x-python",
        [".svg"] = "image/svg+xml",
        [".tsv"] = "text/tab-separated-values",
        [".txt"] = "text/plain",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".xml"] = "application/xml",
        [".zip"] = "application/zip",
    };

    /// <summary>The kind that media-api stores, or null: images and PDF.</summary>
    public static string? Stored(ReadOnlySpan<byte> content) => content switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        _ when content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8) => "image/gif",
        _ when content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..12].SequenceEqual("WEBP"u8) => "image/webp",
        _ when content.StartsWith("%PDF-"u8) => "application/pdf",
        _ => null,
    };

    /// <summary>The kind that the name says.</summary>
    public static string Named(string name) => ByEnding.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream");
}
