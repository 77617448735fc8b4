using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>The branches of a conversation.</summary>
internal static class BranchEndpoints
{
    public static void MapBranches(this IEndpointRouteBuilder conversations)
    {
        var branches = conversations.MapGroup("/{id}/branches").WithTags("Conversation branches");
        branches.MapGet("/", ListAsync).WithName("ListBranches").WithSummary("Lists all branches of a conversation, the oldest first.");
        branches.MapPost("/", CreateAsync).WithName("CreateBranch").WithSummary("Makes a branch: empty, or a copy of another up to an item.");
        branches.MapGet("/{branch}", GetAsync).WithName("GetBranch").WithSummary("Describes a branch.");
        branches.MapDelete("/{branch}", RemoveAsync).WithName("DeleteBranch")
            .WithSummary("Deletes a branch, and the items that no other branch holds.");
        branches.MapPost("/{branch}/activate", ActivateAsync).WithName("ActivateBranch")
            .WithSummary("Makes a branch the one that is read and appended to.");
    }

    private static async Task<Results<Ok<BranchList>, ApiError>> ListAsync(
        Id<Conversation> id, Caller caller, ConversationStore conversations, TimelineStore store, CancellationToken ct)
    {
        if (await conversations.FindAsync(caller, id, ct) is not { ActiveBranch: var active })
        {
            return ApiError.NotFound("conversation");
        }

        var branches = await store.ListAsync(id, ct);
        return TypedResults.Ok(new BranchList([.. branches.Select(branch => BranchResource.Of(branch, active))], active));
    }

    private static async Task<Results<Created<BranchResource>, ApiError>> CreateAsync(
        Id<Conversation> id, CreateBranch input, Caller caller, BranchChanges changes, CancellationToken ct)
    {
        var (branch, error) = await changes.CreateAsync(caller, id, input, ct);
        return branch is null
            ? error!
            : TypedResults.Created($"/v1/conversations/{id}/branches/{Uri.EscapeDataString(branch.Name)}", BranchResource.Of(branch, ""));
    }

    private static async Task<Results<Ok<BranchResource>, ApiError>> GetAsync(
        Id<Conversation> id, string branch, Caller caller, ConversationStore conversations, TimelineStore store, CancellationToken ct)
    {
        if (await conversations.FindAsync(caller, id, ct) is not { ActiveBranch: var active })
        {
            return ApiError.NotFound("conversation");
        }

        var name = Branch.Normalize(branch);
        return (await store.ListAsync(id, ct)).Find(row => row.Name == name) is { } found
            ? TypedResults.Ok(BranchResource.Of(found, active))
            : ApiError.NotFound("branch");
    }

    private static async Task<Results<NoContent, ApiError>> RemoveAsync(
        Id<Conversation> id, string branch, Caller caller, BranchChanges changes, CancellationToken ct) =>
        await changes.RemoveAsync(caller, id, Branch.Normalize(branch), ct) is { } error ? error : TypedResults.NoContent();

    private static async Task<Results<Ok<ActivatedBranch>, ApiError>> ActivateAsync(
        Id<Conversation> id, string branch, Caller caller, BranchChanges changes, CancellationToken ct)
    {
        var name = Branch.Normalize(branch);
        return await changes.ActivateAsync(caller, id, name, ct) is { } error
            ? error
            : TypedResults.Ok(new ActivatedBranch(name, $"{name} is the active branch now."));
    }
}
