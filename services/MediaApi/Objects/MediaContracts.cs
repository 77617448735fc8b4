namespace JanServer.MediaApi.Objects;

/// <summary>A stored file.</summary>
/// <param name="Id"><c>jan_…</c>.</param>
/// <param name="MimeType">What it is by its content.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The hash of its content, in hex.</param>
/// <param name="Filename">What its uploader called it.</param>
/// <param name="CreatedAt">When it was stored, in Unix seconds.</param>
/// <param name="Url">A signed link to it.</param>
/// <param name="ExpiresAt">When the link ends, in Unix seconds.</param>
public sealed record MediaResource(
    string Id, string MimeType, long Bytes, string Sha256, string? Filename, long CreatedAt, string Url, long ExpiresAt)
{
    /// <summary>Always <c>media</c>.</summary>
    public string Object => "media";

    internal static MediaResource From(MediaObject media, SignedLink link) => new(
        media.Id.ToString(),
        media.MimeType,
        media.Bytes,
        Convert.ToHexStringLower(media.Sha256),
        media.Filename,
        media.CreatedAt.ToUnixTimeSeconds(),
        link.Url,
        link.ExpiresAt);

    /// <summary>The text that log lines may show: the URL is a secret.</summary>
    public override string ToString() => $"{Id} {MimeType} {Bytes}";
}

/// <summary>A link that ends.</summary>
/// <param name="Id"><c>jan_…</c>.</param>
/// <param name="Url">The link.</param>
/// <param name="ExpiresIn">Seconds until it ends.</param>
/// <param name="ExpiresAt">When that is, in Unix seconds.</param>
public sealed record SignedLink(string Id, string Url, int ExpiresIn, long ExpiresAt)
{
    /// <summary>The text that log lines may show: the URL is a secret.</summary>
    public override string ToString() => Id;
}

/// <summary>A file that is gone.</summary>
/// <param name="Id"><c>jan_…</c>.</param>
public sealed record DeletedMedia(string Id)
{
    /// <summary>Always <c>media.deleted</c>.</summary>
    public string Object => "media.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}
