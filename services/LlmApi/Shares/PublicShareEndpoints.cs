using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Shares;

/// <summary>Reading shares, which takes no credential: who knows the address may.</summary>
internal static class PublicShareEndpoints
{
    public static void MapPublicShares(this IEndpointRouteBuilder v1)
    {
        var shares = v1.MapGroup("/public/shares").AllowAnonymous().WithTags("Shares");
        shares.MapGet("/{slug}", ReadAsync).WithName("ReadShare").WithSummary("Reads a share, without a credential.");
        shares.MapMethods("/{slug}", [HttpMethods.Head], ProbeAsync).WithName("ProbeShare")
            .WithSummary("Asks whether a share can be read; this is no view.");
    }

    private static async Task<Results<PublicShareAnswer, ApiError>> ReadAsync(
        string slug, HttpContext context, ShareStore store, ShareViews views, IOptions<SharesOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var (share, error) = await FindAsync(slug, KnownBy(context.Request), store, options.Value, clock, ct);
        if (share is null)
        {
            return error!;
        }

        await views.CountAsync(share.Id, ct);
        return new PublicShareAnswer(share);
    }

    private static async Task<Results<PublicShareAnswer, ApiError>> ProbeAsync(
        string slug, ShareStore store, IOptions<SharesOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var (share, error) = await FindAsync(slug, known: null, store, options.Value, clock, ct);
        return share is null ? error! : new PublicShareAnswer(share);
    }

    private static async Task<(PublicShare? Share, ApiError? Error)> FindAsync(
        string slug, Guid[]? known, ShareStore store, SharesOptions options, TimeProvider clock, CancellationToken ct) =>
        options.Enabled && ShareSlug.IsWellFormed(slug) && await store.FindPublicAsync(slug, known, ct) is { } share
            ? share.RevokedAt is not null ? (null, ApiError.Gone("This share was revoked by its owner."))
            : share.ExpiresAt <= clock.GetUtcNow() ? (null, ApiError.Gone("This share has expired."))
            : (share, null)
            : (null, new ApiError(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "There is no share at this address."));

    /// <summary>The snapshots that the reader has: the ids in the entity tags that it sends.</summary>
    private static Guid[] KnownBy(HttpRequest request) =>
    [
        .. from tag in request.GetTypedHeaders().IfNoneMatch
           let id = Id<ConversationShare>.Parse(tag.Tag.ToString().Trim('"'))
           where !id.IsNone
           select id.Value,
    ];
}
