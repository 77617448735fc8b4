using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;
using JanServer.Contracts.Media;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Media;

/// <summary>
/// Puts stored files in the place of their ids, right before a request goes to a model: as <c>data:</c> URLs, since a model's server need
/// not reach us; as links where the files are too large for that. One call for all ids of a request.
/// </summary>
internal sealed partial class MediaResolver(MediaClient media, IConfiguration configuration, ILogger<MediaResolver> logger)
{
    private const int MaxReferences = MediaClient.MaxIds;

    // Service discovery's own keys: without one there is no media-api to ask.
    private readonly bool _isDeployed =
        configuration["services:media-api:http:0"] is { Length: > 0 } || configuration["services:media-api:https:0"] is { Length: > 0 };

    /// <summary>Adds the edits that resolve every id in <paramref name="references"/>, or says which part cannot be.</summary>
    public async ValueTask<ApiError?> ResolveAsync(
        IReadOnlyList<MediaReference> references, ReadOnlyMemory<byte> body, EditList edits, CancellationToken ct)
    {
        if (!_isDeployed)
        {
            return Invalid(body, references[0], "it is the id of a stored file, and this deployment has no media-api that stores files.");
        }

        if (references.Count > MaxReferences)
        {
            return Invalid(body, references[MaxReferences], $"a request may name at most {MaxReferences} stored files.");
        }

        var ids = references.Select(reference => reference.Id).Distinct(StringComparer.Ordinal).ToList();
        MediaResolution resolution;
        try
        {
            resolution = await AskAsync(references, ids, ct);
        }
        catch (MediaTooLargeException)
        {
            return new(
                StatusCodes.Status413PayloadTooLarge, ErrorCodes.RequestTooLarge, "The stored files that the messages name are too large together.");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Log.NotResolved(logger, references.Count, e.GetType().Name);
            return ApiError.Unavailable("The stored files that the messages name cannot be read for now; try again.", TimeSpan.FromSeconds(2));
        }

        foreach (var reference in references)
        {
            if (!resolution.Found.ContainsKey(reference.Id))
            {
                return Invalid(body, reference, "it names a stored file that does not exist or is not yours.");
            }
        }

        AddEdits(references, resolution, edits);
        return null;
    }

    private async Task<MediaResolution> AskAsync(IReadOnlyList<MediaReference> references, List<string> ids, CancellationToken ct)
    {
        try
        {
            return await media.ResolveAsDataUrlsAsync(ids, ct);
        }
        catch (MediaTooLargeException) when (references.All(reference => reference.Form == MediaForm.Url))
        {
            return await media.ResolveAsync(ids, ct);
        }
    }

    private static void AddEdits(IReadOnlyList<MediaReference> references, MediaResolution resolution, EditList edits)
    {
        // A file that several parts name is encoded once.
        var encoded = new Dictionary<(string Id, MediaForm Form), byte[]>();
        foreach (var reference in references)
        {
            var key = (reference.Id, reference.Form);
            if (!encoded.TryGetValue(key, out var bytes))
            {
                encoded[key] = bytes = Encode(resolution.Found[reference.Id].Url, reference.Form);
            }

            edits.Replace(reference.Place, bytes);
        }
    }

    private static byte[] Encode(string url, MediaForm form)
    {
        var value = form == MediaForm.Base64 ? url.AsSpan(url.IndexOf(',', StringComparison.Ordinal) + 1) : url;
        var name = form == MediaForm.FileData ? "\"file_data\":" : "";

        // Base64 needs no escapes; looking for one first spares a copy of the file.
        if (value.IndexOfAny('"', '\\') >= 0 || value.ContainsAnyInRange('\0', '\x1f'))
        {
            value = JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
        }

        var bytes = new byte[name.Length + Encoding.UTF8.GetByteCount(value) + 2];
        var length = Encoding.UTF8.GetBytes(name, bytes);
        bytes[length++] = (byte)'"';
        length += Encoding.UTF8.GetBytes(value, bytes.AsSpan(length));
        bytes[length] = (byte)'"';
        return bytes;
    }

    private static ApiError Invalid(ReadOnlyMemory<byte> body, MediaReference reference, string message)
    {
        var path = JsonPathAt.Find(body.Span, reference.Value.Start);
        return ApiError.Invalid(path, $"Invalid value for '{path}': {message}");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "media-api did not resolve {Count} files: {Problem}")]
        public static partial void NotResolved(ILogger logger, int count, string problem);
    }
}
