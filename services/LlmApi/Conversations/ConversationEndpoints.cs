using System.Text;
using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.LlmApi.Projects;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.LlmApi.Conversations;

/// <summary>Conversations: OpenAI's API with titles, folders and lists.</summary>
internal static class ConversationEndpoints
{
    private const int MaxSearch = 256;

    public static void MapConversationObjects(this IEndpointRouteBuilder group)
    {
        var conversations = group.MapGroup("").WithTags("Conversations");
        conversations.MapGet("/", ListAsync).WithName("ListConversations")
            .WithSummary("Lists the caller's conversations, the last changed first.");
        conversations.MapPost("/", CreateAsync).WithName("CreateConversation")
            .WithSummary("Makes a conversation, with up to 20 items.");
        conversations.MapDelete("/", RemoveAllAsync).WithName("DeleteConversations")
            .WithSummary("Deletes all conversations of the caller and what is shared of them.");
        conversations.MapGet("/{id}", GetAsync).WithName("GetConversation")
            .WithSummary("Describes a conversation, without its items.");
        conversations.MapPost("/{id}", UpdateAsync).WithName("UpdateConversation")
            .WithSummary("Changes a conversation; what is absent stays, metadata are replaced.");
        conversations.MapDelete("/{id}", RemoveAsync).WithName("DeleteConversation")
            .WithSummary("Deletes a conversation and what is shared of it.");
    }

    private static async Task<Results<Ok<Page<ConversationResource>>, ApiError>> ListAsync(
        [AsParameters] PageQuery page,
        string? referrer,
        [FromQuery(Name = "project_id")] string? project,
        [FromQuery(Name = "q")] string? search,
        Caller caller,
        ConversationStore store,
        CancellationToken ct)
    {
        if (search is { Length: > MaxSearch })
        {
            return ApiError.Invalid("q", $"A search may have at most {MaxSearch} characters.");
        }

        Id<ConversationProject>? folder = Given(project) is { } id ? Id<ConversationProject>.Parse(id) : null;
        var filter = new ConversationFilter(Given(referrer), folder, Given(search) is { } text ? PatternOf(text) : null);
        return await store.ListAsync(caller, filter, page, ct) is { } rows
            ? TypedResults.Ok(Page.Of(
                rows,
                page.Take,
                ConversationResource.Of,
                conversation => conversation.Id,
                conversation => ListPosition.Of(conversation.UpdatedAt, conversation.Id).ToString()))
            : ApiError.Invalid("after", TimeKeyset.UnknownCursor);
    }

    private static async Task<Results<Ok<ConversationResource>, ApiError>> CreateAsync(
        CreateConversation? input, Caller caller, ConversationChanges changes, CancellationToken ct)
    {
        var (conversation, error) = await changes.CreateAsync(caller, input ?? new(), ct);
        return conversation is null ? error! : TypedResults.Ok(ConversationResource.Of(conversation));
    }

    private static async Task<Ok<DeletedConversations>> RemoveAllAsync(
        Caller caller, ConversationStore store, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new DeletedConversations(await store.RemoveAllAsync(caller, clock.GetUtcNow(), ct)));

    private static async Task<Results<Ok<ConversationResource>, ApiError>> GetAsync(
        Id<Conversation> id, Caller caller, ConversationStore store, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is { } conversation
            ? TypedResults.Ok(ConversationResource.Of(conversation))
            : ApiError.NotFound("conversation");

    private static async Task<Results<Ok<ConversationResource>, ApiError>> UpdateAsync(
        Id<Conversation> id, UpdateConversation input, Caller caller, ConversationChanges changes, CancellationToken ct)
    {
        var (conversation, error) = await changes.UpdateAsync(caller, id, input, ct);
        return conversation is null ? error! : TypedResults.Ok(ConversationResource.Of(conversation));
    }

    private static async Task<Results<Ok<DeletedConversation>, ApiError>> RemoveAsync(
        Id<Conversation> id, Caller caller, ConversationStore store, CancellationToken ct) =>
        await store.RemoveAsync(caller, id, ct) > 0
            ? TypedResults.Ok(new DeletedConversation(id.ToString()))
            : ApiError.NotFound("conversation");

    // PostgreSQL has no NUL in text, so nothing can match it.
    private static string? Given(string? text) => text?.Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 } given ? given : null;

    private static string PatternOf(string search)
    {
        var pattern = new StringBuilder("%");
        foreach (var c in search)
        {
            pattern.Append(c is '%' or '_' or '\\' ? "\\" : "").Append(c);
        }

        return pattern.Append('%').ToString();
    }
}
