using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>Edits of the timeline, each of which begins at an item.</summary>
internal static class TimelineEndpoints
{
    public static void MapTimelines(this IEndpointRouteBuilder conversations)
    {
        var item = conversations.MapGroup("/{id}/items/{item}").WithTags("Conversation items");
        item.MapDelete("/", RemoveAsync).WithName("DeleteItem")
            .WithSummary("Takes an item out of the timeline, and with a call its results; the timeline as it was stays as a backup branch.");
        item.MapPost("/edit", EditAsync).WithName("EditItem")
            .WithSummary("Says something else in place of what the user said; the timeline as it was stays as a backup branch.");
        item.MapPost("/regenerate", RegenerateAsync).WithName("RegenerateItem")
            .WithSummary("Takes an answer back; the timeline as it was stays as a backup branch.");
    }

    private static async Task<Results<Ok<DeletedItem>, ApiError>> RemoveAsync(
        Id<Conversation> id, ItemRef item, Caller caller, Timelines timelines, ConversationStore store, CancellationToken ct)
    {
        var (change, error) = await timelines.RemoveItemAsync(caller, id, item.Id, ct);
        if (change is null)
        {
            return error!;
        }

        return await store.FindAsync(caller, id, ct) is { } conversation
            ? TypedResults.Ok(new DeletedItem(
                id.ToString(),
                conversation.Title,
                ConversationResource.MetadataOf(conversation),
                conversation.CreatedAt.ToUnixTimeSeconds(),
                conversation.UpdatedAt.ToUnixTimeSeconds(),
                change.Main.Name,
                change.Backup,
                [.. change.Gone.Select(gone => gone.ToString())]))
            : ApiError.NotFound("conversation");
    }

    private static async Task<Results<Ok<EditedItem>, ApiError>> EditAsync(
        Id<Conversation> id, ItemRef item, EditItem input, Caller caller, Timelines timelines, CancellationToken ct)
    {
        var (change, error) = await timelines.EditAsync(caller, id, item.Id, input.Content ?? default, ct);
        return change is null
            ? error!
            : TypedResults.Ok(new EditedItem(
                change.Main.Name, change.Backup, BranchResource.Of(change.Main, change.Main.Name), ItemResource.Of(change.UserItem!)));
    }

    private static async Task<Results<Ok<RegeneratedItem>, ApiError>> RegenerateAsync(
        Id<Conversation> id, ItemRef item, RegenerateItem? input, Caller caller, Timelines timelines, CancellationToken ct)
    {
        _ = input;
        var (change, error) = await timelines.RegenerateAsync(caller, id, item.Id, ct);
        return change is null
            ? error!
            : TypedResults.Ok(new RegeneratedItem(
                change.Main.Name, change.Backup, BranchResource.Of(change.Main, change.Main.Name), change.UserItem!.Item.Id.ToString()));
    }
}
