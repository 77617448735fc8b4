namespace JanServer.MediaApi.Uploads;

/// <summary>Stores a file that is part of the request, or that a URL leads to.</summary>
/// <param name="Source">Where the file is.</param>
/// <param name="Filename">What to call it when it is downloaded.</param>
/// <param name="UserId">Taken from older clients and not read: the owner is the caller.</param>
public sealed record CreateMedia(MediaSource? Source, string? Filename = null, string? UserId = null);

/// <summary>Where a file is.</summary>
/// <param name="Type"><c>data_url</c> or <c>remote_url</c>.</param>
/// <param name="DataUrl">The file itself, as <c>data:…;base64,…</c>.</param>
/// <param name="Url">Its address, http or https.</param>
public sealed record MediaSource(string? Type, DataUrl? DataUrl = null, string? Url = null)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Type}";
}
