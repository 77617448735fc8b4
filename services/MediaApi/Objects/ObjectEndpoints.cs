using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Downloads;
using JanServer.MediaApi.Files;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.MediaApi.Objects;

internal static class ObjectEndpoints
{
    public static void MapObjects(this IEndpointRouteBuilder media)
    {
        media.MapGet("", ListAsync)
            .RequireScope(Scopes.Media)
            .WithName("listMedia")
            .WithSummary("The caller's files, newest first.");

        media.MapGet("/{id}", GetAsync)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithName("getMedia")
            .WithSummary("What a file is, and a link to it.");

        media.MapGet("/{id}/presign", PresignAsync)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithName("presignMedia")
            .WithSummary("A link to a file that works for a while without a credential.");

        media.MapDelete("/{id}", RemoveAsync)
            .RequireScope(Scopes.Media)
            .WithName("deleteMedia")
            .WithSummary("Deletes a file. Links to it end at once.");
    }

    private static async Task<Ok<Page<MediaResource>>> ListAsync(
        [AsParameters] PageQuery page, Caller caller, MediaStore store, Links links, CancellationToken ct)
    {
        var rows = await store.ListAsync(caller, page, ct);
        return TypedResults.Ok(Page.Of(rows, page.Take, media => MediaResource.From(media, links.To(media.Id)), media => media.Id.ToString()));
    }

    private static async Task<Results<Ok<MediaResource>, ApiError>> GetAsync(
        Id<MediaRef> id, Caller caller, MediaStore store, Links links, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is { } media
            ? TypedResults.Ok(MediaResource.From(media, links.To(id)))
            : ApiError.NotFound("file");

    private static async Task<Results<Ok<SignedLink>, ApiError>> PresignAsync(
        Id<MediaRef> id, Caller caller, MediaStore store, Links links, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is not null ? TypedResults.Ok(links.To(id)) : ApiError.NotFound("file");

    private static async Task<Results<Ok<DeletedMedia>, ApiError>> RemoveAsync(
        Id<MediaRef> id, Caller caller, MediaStore store, FileStore files, CancellationToken ct)
    {
        if (!await store.RemoveAsync(caller, id, ct))
        {
            return ApiError.NotFound("file");
        }

        // A crash between the two leaves a file that no row names: the sweep of abandoned files finds it.
        files.Remove(id);
        return TypedResults.Ok(new DeletedMedia(id.ToString()));
    }
}
