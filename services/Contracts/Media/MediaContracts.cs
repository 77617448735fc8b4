using System.Text.Json.Serialization;

namespace JanServer.Contracts.Media;

/// <summary>How the URL of a stored file is to be given.</summary>
public static class MediaForms
{
    /// <summary>A signed link that ends: for clients that reach the gateway.</summary>
    public const string Url = "url";

    /// <summary>The file itself as a <c>data:</c> URL: for model servers, which need not reach us at all.</summary>
    public const string DataUrl = "data_url";
}

/// <summary>Asks where stored files are. <c>POST /v1/media/resolve</c>.</summary>
/// <param name="Ids">The ids, 1 to 100; the same one may occur twice.</param>
/// <param name="As">One of <see cref="MediaForms"/>; <see cref="MediaForms.Url"/> unless told.</param>
public sealed record ResolveMedia(IReadOnlyList<string> Ids, string? As = null);

/// <summary>Where the files are that the caller may see.</summary>
/// <param name="Media">Those found, each once.</param>
/// <param name="Missing">The ids that no file of the caller has, each once.</param>
public sealed record ResolvedMediaList(IReadOnlyList<ResolvedMedia> Media, IReadOnlyList<string> Missing);

/// <summary>Where a stored file is.</summary>
/// <param name="Id"><c>jan_…</c>.</param>
/// <param name="Url">A signed link, or a <c>data:</c> URL where that was asked for.</param>
/// <param name="MimeType">What the file is by its content, such as <c>image/png</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ExpiresAt">When the link ends, in Unix seconds; absent for a <c>data:</c> URL.</param>
public sealed record ResolvedMedia(string Id, string Url, string MimeType, long Bytes, long? ExpiresAt = null)
{
    /// <summary>The text that log lines may show: the URL is a secret.</summary>
    public override string ToString() => $"{Id} {MimeType} {Bytes}";
}

/// <summary>A file that was stored, or was there before with the same content.</summary>
/// <param name="Id"><c>jan_…</c>.</param>
/// <param name="Mime">What the file is by its content; the reference API's name for <paramref name="MimeType"/>.</param>
/// <param name="MimeType">What the file is by its content, such as <c>image/png</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Deduped">Whether this owner had stored the same content before; then nothing was written.</param>
/// <param name="Url">A signed link to it.</param>
/// <param name="ExpiresAt">When the link ends, in Unix seconds.</param>
/// <param name="Filename">What its uploader called it, if told.</param>
public sealed record StoredMedia(
    string Id, string Mime, string MimeType, long Bytes, bool Deduped, string Url, long ExpiresAt, string? Filename = null)
{
    /// <summary>Always <c>media</c>.</summary>
    public string Object => "media";

    /// <summary>The text that log lines may show: the URL is a secret.</summary>
    public override string ToString() => $"{Id} {MimeType} {Bytes}";
}

/// <summary>Serializes the media contracts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResolveMedia))]
[JsonSerializable(typeof(ResolvedMediaList))]
[JsonSerializable(typeof(StoredMedia))]
public sealed partial class MediaJson : JsonSerializerContext;
