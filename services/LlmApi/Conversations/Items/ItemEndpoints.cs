using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>The items of a conversation. Deleting one is an edit of the timeline; see <see cref="TimelineEndpoints"/>.</summary>
internal static class ItemEndpoints
{
    private const int MaxComment = 4096;

    public static void MapItems(this IEndpointRouteBuilder conversations)
    {
        var items = conversations.MapGroup("/{id}/items").WithTags("Conversation items");
        items.MapGet("/", ListAsync).WithName("ListItems")
            .WithSummary("Lists the items of a branch, the active one unless told, the newest first.");
        items.MapPost("/", CreateAsync).WithName("CreateItems").WithSummary("Adds up to 20 items to the end of the active branch.");
        items.MapGet("/{item}", GetAsync).WithName("GetItem").WithSummary("Describes an item, whatever branch holds it.");
        items.MapPatch("/by-call-id/{call}", UpdateCallAsync).WithName("UpdateCall")
            .WithSummary("Says what became of the call of an MCP tool.");
        items.MapPut("/{item}/rating", RateAsync).WithName("RateItem").WithSummary("Rates an item, in place of a rating before.");
        items.MapDelete("/{item}/rating", UnrateAsync).WithName("UnrateItem").WithSummary("Takes a rating back.");
    }

    private static async Task<Results<Ok<Page<ItemResource>>, ApiError>> ListAsync(
        Id<Conversation> id, string? branch, [AsParameters] PageQuery page, Caller caller, ItemStore store, CancellationToken ct)
    {
        var name = branch is { Length: > 0 } ? Branch.Normalize(branch.Replace("\0", "", StringComparison.Ordinal)) : null;
        if (await store.FindBranchAsync(caller, id, name, ct) is not { } reading)
        {
            return ApiError.NotFound("conversation");
        }

        if (reading.BranchId is not { } branchId)
        {
            return new ApiError(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "The conversation has no branch of that name.", "branch");
        }

        long? after = null;
        if (page.Start is { } start)
        {
            after = await store.FindPositionAsync(branchId, ItemRef.Parse(start).Id, ct);
            if (after is null)
            {
                return ApiError.Invalid("after", "The branch has no item of that id.");
            }
        }

        var rows = await store.ListAsync(reading, after, page.Ascending, page.Take + 1, ct);
        return TypedResults.Ok(Page.Of(rows, page.Take, ItemResource.Of, item => item.Id));
    }

    private static async Task<Results<Ok<Page<ItemResource>>, ApiError>> CreateAsync(
        Id<Conversation> id, CreateItems input, Caller caller, ItemStore store, TimeProvider clock, CancellationToken ct)
    {
        var (items, error) = new ItemReader(id, clock).Read(input.Items, required: true);
        if (items is null)
        {
            return error!;
        }

        if (await store.AddAsync(caller, id, items, clock.GetUtcNow(), ct) is not { } places)
        {
            return ApiError.NotFound("conversation");
        }

        return places.Count < items.Count
            ? ItemReader.Taken()
            : TypedResults.Ok(Page.Of(
                [.. places.Zip(items, (place, item) => new PlacedItem(item, place.Branch, place.Position))],
                ItemReader.MaxItems,
                ItemResource.Of,
                item => item.Id));
    }

    private static async Task<Results<Ok<ItemResource>, ApiError>> GetAsync(
        Id<Conversation> id, ItemRef item, Caller caller, ItemStore store, CancellationToken ct) =>
        await store.FindAsync(caller, id, item.Id, ct) is { } found ? TypedResults.Ok(ItemResource.Of(found)) : ApiError.NotFound("item");

    private static async Task<Results<Ok<ItemResource>, ApiError>> UpdateCallAsync(
        Id<Conversation> id, string call, UpdateCall input, Caller caller, CallUpdates updates, CancellationToken ct)
    {
        var (item, error) = await updates.UpdateAsync(caller, id, call, input, ct);
        return item is null ? error! : TypedResults.Ok(ItemResource.Of(item));
    }

    private static async Task<Results<Ok<ItemResource>, ApiError>> RateAsync(
        Id<Conversation> id,
        ItemRef item,
        RateItem input,
        Caller caller,
        ItemStore store,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (input.Rating is null)
        {
            return ApiError.Missing("rating");
        }

        if (input.Rating is not ("like" or "unlike"))
        {
            return ApiError.Invalid("rating", "It must be 'like' or 'unlike'.");
        }

        return input.Comment is { Length: > MaxComment } || input.Comment?.Contains('\0', StringComparison.Ordinal) == true
            ? ApiError.Invalid("comment", $"It may have at most {MaxComment} characters and no NUL.")
            : await SetRatingAsync(id, item.Id, input.Rating, clock.GetUtcNow(), input.Comment, caller, store, ct);
    }

    private static Task<Results<Ok<ItemResource>, ApiError>> UnrateAsync(
        Id<Conversation> id, ItemRef item, Caller caller, ItemStore store, CancellationToken ct) =>
        SetRatingAsync(id, item.Id, null, null, null, caller, store, ct);

    private static async Task<Results<Ok<ItemResource>, ApiError>> SetRatingAsync(
        Id<Conversation> id,
        Id<ConversationItem> item,
        string? rating,
        DateTimeOffset? at,
        string? comment,
        Caller caller,
        ItemStore store,
        CancellationToken ct)
    {
        if (await store.FindAsync(caller, id, item, ct) is not { } found || await store.RateAsync(item, rating, at, comment, ct) == 0)
        {
            return ApiError.NotFound("item");
        }

        var rated = found.Item with { Rating = rating, RatedAt = at, RatingComment = comment };
        return TypedResults.Ok(ItemResource.Of(found with { Item = rated }));
    }
}
