using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace JanServer.Contracts.Media;

/// <summary>
/// The part of media-api that other services call. Registered with the caller's token forwarded, so that every call sees the files of
/// the current user and no others.
/// </summary>
public sealed class MediaClient(HttpClient http)
{
    /// <summary>The most ids of one <see cref="ResolveAsync(IReadOnlyCollection{string}, CancellationToken)"/>.</summary>
    public const int MaxIds = 100;

    /// <summary>Gives a signed link for each file: right for clients; a model server may not reach it.</summary>
    /// <exception cref="HttpRequestException">media-api could not be reached or failed.</exception>
    public Task<MediaResolution> ResolveAsync(IReadOnlyCollection<string> ids, CancellationToken ct) =>
        ResolveAsync(ids, MediaForms.Url, ct);

    /// <summary>
    /// Gives the files themselves as <c>data:</c> URLs: right for model servers, which need not reach our links. All of them together
    /// are bounded by media-api's <c>Media:MaxResolvedBytes</c>.
    /// </summary>
    /// <exception cref="MediaTooLargeException">They are larger than that.</exception>
    /// <exception cref="HttpRequestException">media-api could not be reached or failed.</exception>
    public Task<MediaResolution> ResolveAsDataUrlsAsync(IReadOnlyCollection<string> ids, CancellationToken ct) =>
        ResolveAsync(ids, MediaForms.DataUrl, ct);

    /// <summary>Stores a file as the current user's. Content that they have stored before is not stored again.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mimeType">What the file is said to be; its content decides.</param>
    /// <param name="filename">What to call it when it is downloaded.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="MediaTooLargeException">The file is larger than media-api takes.</exception>
    /// <exception cref="HttpRequestException">media-api could not be reached, failed, or does not take this kind of file (415).</exception>
    public async Task<StoredMedia> StoreAsync(ReadOnlyMemory<byte> bytes, string mimeType, string? filename, CancellationToken ct)
    {
        using var file = new ReadOnlyMemoryContent(bytes);
        file.Headers.ContentType = MediaTypeHeaderValue.TryParse(mimeType, out var type) ? type : new("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "file", filename ?? "file" } };
        using var response = await http.PostAsync(new Uri("v1/media/upload", UriKind.Relative), form, ct).ConfigureAwait(false);
        Check(response);
        return await response.Content.ReadFromJsonAsync(MediaJson.Default.StoredMedia, ct).ConfigureAwait(false) ?? throw Empty();
    }

    /// <summary>Reads a file whole.</summary>
    /// <returns>Its bytes, or null when the current user has no file with that id.</returns>
    /// <exception cref="HttpRequestException">media-api could not be reached or failed.</exception>
    public async Task<byte[]?> ReadAsync(string id, CancellationToken ct)
    {
        if (!MediaRef.IsId(id))
        {
            return null;
        }

        using var response = await http.GetAsync(new Uri($"v1/media/{id}/content", UriKind.Relative), ct).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        Check(response);
        return await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
    }

    private async Task<MediaResolution> ResolveAsync(IReadOnlyCollection<string> ids, string form, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ids);

        // What is no id needs no asking, and a path that asks anyway would be refused as a whole.
        var asked = ids.Where(MediaRef.IsId).Distinct(StringComparer.Ordinal).ToList();
        var malformed = ids.Where(id => !MediaRef.IsId(id)).Distinct(StringComparer.Ordinal).ToList();
        if (asked.Count == 0)
        {
            return MediaResolution.Empty with { Missing = malformed };
        }

        var found = new Dictionary<string, ResolvedMedia>(asked.Count, StringComparer.Ordinal);
        List<string> missing = [.. malformed];
        foreach (var batch in asked.Chunk(MaxIds))
        {
            using var content = JsonContent.Create(new ResolveMedia(batch, form), MediaJson.Default.ResolveMedia);
            using var response = await http.PostAsync(new Uri("v1/media/resolve", UriKind.Relative), content, ct).ConfigureAwait(false);
            Check(response);
            var list = await response.Content.ReadFromJsonAsync(MediaJson.Default.ResolvedMediaList, ct).ConfigureAwait(false) ?? throw Empty();
            foreach (var media in list.Media)
            {
                found[media.Id] = media;
            }

            missing.AddRange(list.Missing);
        }

        return new(found, missing);
    }

    private static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.RequestEntityTooLarge)
        {
            throw new MediaTooLargeException();
        }

        response.EnsureSuccessStatusCode();
    }

    private static HttpRequestException Empty() => new("media-api answered with an empty body.");
}
