using JanServer.Contracts.Ids;
using JanServer.Contracts.Media;
using JanServer.MediaApi.Downloads;
using JanServer.MediaApi.Files;
using JanServer.MediaApi.Objects;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Resolving;

internal static class ResolveEndpoints
{
    public static void MapResolving(this IEndpointRouteBuilder media) =>
        media.MapPost("/resolve", ResolveAsync)
            .RequireScope(Scopes.Media, Scopes.Inference)
            .WithName("resolveMedia")
            .WithSummary("Links to files, or the files as data URLs, by their ids; or links in the places of ids in any JSON.");

    private static async Task<Results<Ok<ResolvedMediaList>, Ok<ResolvedPayload>, ApiError>> ResolveAsync(
        ResolveRequest request, Caller caller, MediaStore store, FileStore files, Links links, IOptions<MediaOptions> options, CancellationToken ct)
    {
        if (request.Payload is { } payload)
        {
            return await ResolvePayloadAsync(payload, caller, store, links, ct);
        }

        if (request.Ids is not { } ids)
        {
            return ApiError.Missing("ids");
        }

        if (ids.Count is 0 or > MediaClient.MaxIds)
        {
            return ApiError.Invalid("ids", $"There must be 1 to {MediaClient.MaxIds} ids.");
        }

        if (request.As is not (null or MediaForms.Url or MediaForms.DataUrl))
        {
            return ApiError.Invalid("as", $"This must be '{MediaForms.Url}' or '{MediaForms.DataUrl}'.");
        }

        var asked = ids.Select(id => id ?? "").Distinct(StringComparer.Ordinal).ToList();
        var found = await FindAsync(asked, caller, store, ct);
        var missing = asked.Where(id => !found.ContainsKey(id)).ToList();
        if (request.As is not MediaForms.DataUrl)
        {
            return TypedResults.Ok(new ResolvedMediaList([.. found.Values.Select(media => Link(media, links))], missing));
        }

        if (found.Values.Sum(media => media.Bytes) > options.Value.MaxResolvedBytes)
        {
            return new ApiError(
                StatusCodes.Status413PayloadTooLarge,
                ErrorCodes.RequestTooLarge,
                $"The files are larger than the {options.Value.MaxResolvedBytes} bytes that one answer holds.",
                "ids");
        }

        var whole = new List<ResolvedMedia>(found.Count);
        foreach (var media in found.Values)
        {
            if (!files.Has(media.Id))
            {
                return ApiError.Unavailable("A file cannot be read at the moment.");
            }

            var content = Convert.ToBase64String(await files.ReadAsync(media.Id, ct));
            whole.Add(new(media.Id.ToString(), $"data:{media.MimeType};base64,{content}", media.MimeType, media.Bytes));
        }

        return TypedResults.Ok(new ResolvedMediaList(whole, missing));
    }

    private static async Task<Results<Ok<ResolvedMediaList>, Ok<ResolvedPayload>, ApiError>> ResolvePayloadAsync(
        System.Text.Json.JsonElement payload, Caller caller, MediaStore store, Links links, CancellationToken ct)
    {
        var ids = PayloadLinks.IdsIn(payload);
        if (ids.Count == 0)
        {
            return TypedResults.Ok(new ResolvedPayload(payload));
        }

        if (ids.Count > MediaClient.MaxIds)
        {
            return ApiError.Invalid("payload", $"There are more than {MediaClient.MaxIds} ids in it.");
        }

        var found = await FindAsync(ids, caller, store, ct);
        return found.Count == ids.Count
            ? TypedResults.Ok(new ResolvedPayload(PayloadLinks.Replace(payload, id => links.To(found[id].Id).Url)))
            : new ApiError(
                StatusCodes.Status404NotFound,
                ErrorCodes.NotFound,
                $"No file was found with the id '{ids.First(id => !found.ContainsKey(id))}'.",
                "payload");
    }

    private static async Task<Dictionary<string, MediaObject>> FindAsync(
        IEnumerable<string> ids, Caller caller, MediaStore store, CancellationToken ct)
    {
        var parsed = ids.Select(id => Id<MediaRef>.Parse(id)).Where(id => !id.IsNone).ToList();
        return parsed.Count == 0
            ? []
            : (await store.FindAsync(caller, parsed, ct)).ToDictionary(media => media.Id.ToString(), StringComparer.Ordinal);
    }

    private static ResolvedMedia Link(MediaObject media, Links links)
    {
        var link = links.To(media.Id);
        return new(link.Id, link.Url, media.MimeType, media.Bytes, link.ExpiresAt);
    }
}
