using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Shares;

/// <summary>What owners do with their shares.</summary>
internal static class ShareEndpoints
{
    public static void MapShares(this IEndpointRouteBuilder v1)
    {
        var conversation = v1.MapGroup("/conversations/{conversationId}").RequireScope(Scopes.Conversations).WithTags("Shares");
        conversation.MapPost("/share", CreateAsync).WithName("ShareConversation")
            .WithSummary("Shares a conversation, or one answer of it, as it is now; other shares of it stay.");
        conversation.MapGet("/shares", ListOfConversationAsync).WithName("ListSharesOfConversation")
            .WithSummary("Lists the shares of a conversation, newest first, revoked ones included unless told.");
        conversation.MapDelete("/shares/{id}", RevokeOfConversationAsync).WithName("RevokeShareOfConversation")
            .WithSummary("Revokes a share at once and for good; doing it again changes nothing.");

        var shares = v1.MapGroup("/shares").RequireScope(Scopes.Conversations).WithTags("Shares");
        shares.MapGet("/", ListAsync).WithName("ListShares")
            .WithSummary("Lists the caller's shares, newest first: those that can be read, or with include_revoked all.");
        shares.MapDelete("/{id}", RevokeAsync).WithName("RevokeShare")
            .WithSummary("Revokes a share at once and for good; doing it again changes nothing.");
    }

    private static async Task<Results<Created<ShareResource>, ApiError>> CreateAsync(
        Id<Conversation> conversationId,
        CreateShare input,
        string? branch,
        Caller caller,
        ShareCreation creation,
        ShareLinks links,
        IOptions<SharesOptions> options,
        TimeProvider clock,
        HttpContext context,
        CancellationToken ct)
    {
        if (!options.Value.Enabled)
        {
            return ApiError.Forbidden("Sharing is switched off on this server.");
        }

        var now = clock.GetUtcNow();
        var (terms, invalid) = ShareTerms.Of(input, branch, now);
        if (terms is null)
        {
            return invalid!;
        }

        var (share, error) = await creation.CreateAsync(caller, conversationId, terms, now, ct);
        if (share is null)
        {
            return error!;
        }

        var url = links.Of(context, share.Slug);
        return TypedResults.Created(url, ShareResource.From(share, url));
    }

    private static async Task<Results<Ok<Page<ShareResource>>, ApiError>> ListOfConversationAsync(
        Id<Conversation> conversationId,
        [AsParameters] PageQuery page,
        [FromQuery(Name = "include_revoked")] bool? includeRevoked,
        Caller caller,
        ShareStore store,
        ShareLinks links,
        TimeProvider clock,
        HttpContext context,
        CancellationToken ct)
    {
        if (!await store.HasConversationAsync(caller, conversationId, ct))
        {
            return ApiError.NotFound("conversation");
        }

        var rows = await store.ListAsync(caller, conversationId, includeRevoked == false ? clock.GetUtcNow() : null, page, ct);
        return TypedResults.Ok(PageOf(rows, page, links, context));
    }

    private static async Task<Ok<Page<ShareResource>>> ListAsync(
        [AsParameters] PageQuery page,
        [FromQuery(Name = "include_revoked")] bool? includeRevoked,
        Caller caller,
        ShareStore store,
        ShareLinks links,
        TimeProvider clock,
        HttpContext context,
        CancellationToken ct)
    {
        var rows = await store.ListAsync(caller, conversation: null, includeRevoked == true ? null : clock.GetUtcNow(), page, ct);
        return TypedResults.Ok(PageOf(rows, page, links, context));
    }

    private static Task<Results<Ok<ShareDeleted>, ApiError>> RevokeOfConversationAsync(
        Id<Conversation> conversationId, Id<ConversationShare> id, Caller caller, ShareStore store, TimeProvider clock, CancellationToken ct) =>
        RevokeOneAsync(conversationId, id, caller, store, clock, ct);

    private static Task<Results<Ok<ShareDeleted>, ApiError>> RevokeAsync(
        Id<ConversationShare> id, Caller caller, ShareStore store, TimeProvider clock, CancellationToken ct) =>
        RevokeOneAsync(conversation: null, id, caller, store, clock, ct);

    private static async Task<Results<Ok<ShareDeleted>, ApiError>> RevokeOneAsync(
        Id<Conversation>? conversation, Id<ConversationShare> id, Caller caller, ShareStore store, TimeProvider clock, CancellationToken ct) =>
        await store.RevokeAsync(caller, conversation, id, clock.GetUtcNow(), ct) > 0
            ? TypedResults.Ok(new ShareDeleted(id.ToString()))
            : ApiError.NotFound("share");

    private static Page<ShareResource> PageOf(List<ConversationShare> rows, PageQuery page, ShareLinks links, HttpContext context) =>
        Page.Of(rows, page.Take, share => ShareResource.From(share, links.Of(context, share.Slug)), share => share.Id);
}
