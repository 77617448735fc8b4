namespace JanServer.McpTools.Scraping.Reading;

/// <summary>What can be read.</summary>
internal enum ContentKind
{
    /// <summary>Images, sounds, programs.</summary>
    Other,
    Html,
    Text,
    Pdf,
}

/// <summary>Tells what a body is: by its content type, and by its first bytes when the type says nothing.</summary>
internal static class ContentKinds
{
    private static readonly string[] Texts =
    [
        "application/json", "application/xml", "application/x-ndjson", "application/yaml", "application/x-yaml", "application/toml",
        "application/javascript",
    ];

    public static ContentKind Of(string? contentType, ReadOnlySpan<byte> body) => contentType?.ToLowerInvariant() switch
    {
        null or "" or "application/octet-stream" or "binary/octet-stream" => Sniff(body),
        "text/html" or "application/xhtml+xml" => ContentKind.Html,
        "application/pdf" or "application/x-pdf" => ContentKind.Pdf,
        var type when type.StartsWith("text/", StringComparison.Ordinal) || Texts.Contains(type, StringComparer.Ordinal) => ContentKind.Text,
        var type when type.StartsWith("application/", StringComparison.Ordinal)
            && (type.EndsWith("+json", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)) => ContentKind.Text,
        _ => ContentKind.Other,
    };

    private static ContentKind Sniff(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart(" \t\r\n\uFEFF"u8);
        return start.StartsWith("%PDF-"u8) ? ContentKind.Pdf
            : start.StartsWith("<"u8) ? ContentKind.Html
            : body[..Math.Min(body.Length, 1024)].Contains((byte)0) ? ContentKind.Other
            : ContentKind.Text;
    }
}
