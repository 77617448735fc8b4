using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Files;
using JanServer.MediaApi.Objects;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace JanServer.MediaApi.Downloads;

internal static partial class DownloadEndpoints
{
    public static void MapDownloads(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/media/{id}/content", ReadAsync)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithTags("Media")
            .WithName("readMedia")
            .WithSummary("The file itself, for its owner.");

        // An <img> sends no credential: the signature stands for the owner, until it ends.
        app.MapGet("/api/media/{id}", FollowAsync)
            .AllowAnonymous()
            .WithTags("Media")
            .WithName("followMediaLink")
            .WithSummary("The file itself, for who has a link to it.");
    }

    private static async Task<Results<PhysicalFileHttpResult, ApiError>> ReadAsync(
        Id<MediaRef> id, Caller caller, MediaStore store, FileStore files, HttpResponse response, ILogger<FileStore> logger, CancellationToken ct)
    {
        response.Headers.CacheControl = "private, no-cache";
        return Answer(await store.FindAsync(caller, id, ct), files, response, logger);
    }

    private static async Task<Results<PhysicalFileHttpResult, ApiError>> FollowAsync(
        Id<MediaRef> id,
        long? expires,
        string? signature,
        MediaStore store,
        FileStore files,
        Links links,
        HttpResponse response,
        ILogger<FileStore> logger,
        CancellationToken ct)
    {
        if (links.Check(id, expires, signature) is not { } left)
        {
            // Before any query: who guesses learns nothing about what exists.
            return ApiError.Forbidden("The link has ended or was changed. Ask for a new one.");
        }

        response.Headers.CacheControl = $"private, max-age={(long)left.TotalSeconds}, immutable";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Answer(await store.FindForLinkAsync(id, ct), files, response, logger);
    }

    private static Results<PhysicalFileHttpResult, ApiError> Answer(MediaObject? media, FileStore files, HttpResponse response, ILogger logger)
    {
        if (media is null)
        {
            return Refuse(response, ApiError.NotFound("file"));
        }

        if (!files.Has(media.Id))
        {
            Log.FileIsGone(logger, media.Id);
            return Refuse(response, ApiError.Unavailable("The file cannot be read at the moment."));
        }

        // Whatever is in the file, a browser shows it as what we say, runs nothing of it, and asks no one else.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.ContentDisposition = Disposition(media).ToString();
        return TypedResults.PhysicalFile(
            files.PathOf(media.Id),
            media.MimeType,
            lastModified: media.CreatedAt,
            entityTag: new($"\"{Convert.ToHexStringLower(media.Sha256)}\""),
            enableRangeProcessing: true);
    }

    private static ApiError Refuse(HttpResponse response, ApiError error)
    {
        response.Headers.CacheControl = "no-store";
        return error;
    }

    private static ContentDispositionHeaderValue Disposition(MediaObject media)
    {
        var shown = media.MimeType.StartsWith("image/", StringComparison.Ordinal) || media.MimeType.StartsWith("audio/", StringComparison.Ordinal);
        var header = new ContentDispositionHeaderValue(shown ? "inline" : "attachment");
        if (media.Filename is { } name)
        {
            header.SetHttpFileName(name);
        }

        return header;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The file of {Media} is not in the file store")]
        public static partial void FileIsGone(ILogger logger, Id<MediaRef> media);
    }
}
