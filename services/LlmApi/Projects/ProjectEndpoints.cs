using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.LlmApi.Conversations;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Projects;

/// <summary>A user's folders of conversations.</summary>
internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder v1)
    {
        var projects = v1.MapGroup("/projects").RequireScope(Scopes.Conversations).WithTags("Projects");
        projects.MapPost("/", CreateAsync).WithName("CreateProject").WithSummary("Makes a folder of conversations.");
        projects.MapGet("/", ListAsync).WithName("ListProjects").WithSummary("Lists the caller's folders, last changed first.");
        projects.MapGet("/{id}", GetAsync).WithName("GetProject").WithSummary("Describes a folder.");
        projects.MapGet("/{id}/conversations", ListConversationsAsync).WithName("ListConversationsOfProject")
            .WithSummary("Lists the conversations in a folder, last changed first.");
        projects.MapPatch("/{id}", UpdateAsync).WithName("UpdateProject").WithSummary("Changes a folder; what is absent stays.");
        projects.MapDelete("/{id}", RemoveAsync).WithName("DeleteProject").WithSummary("Removes a folder and keeps its conversations.");
    }

    private static async Task<Results<Created<ProjectResource>, ApiError>> CreateAsync(
        CreateProject input, Caller caller, ProjectFolders folders, CancellationToken ct)
    {
        var (project, error) = await folders.CreateAsync(caller, input, ct);
        return project is null ? error! : TypedResults.Created($"/v1/projects/{project.Id}", ProjectResource.From(project));
    }

    private static async Task<Results<Ok<Page<ProjectResource>>, ApiError>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] ProjectFilter filter, Caller caller, ProjectStore store, CancellationToken ct) =>
        await store.ListAsync(caller, filter, page, ct) is { } rows
            ? TypedResults.Ok(Page.Of(rows, page.Take, ProjectResource.From, project => project.Id, Position))
            : ApiError.Invalid("after", TimeKeyset.UnknownCursor);

    private static async Task<Results<Ok<ProjectResource>, ApiError>> GetAsync(
        Id<ConversationProject> id, Caller caller, ProjectStore store, CancellationToken ct) =>
        await store.FindAsync(caller, id, ct) is { } project ? TypedResults.Ok(ProjectResource.From(project)) : ApiError.NotFound("project");

    private static async Task<Results<Ok<ProjectResource>, ApiError>> UpdateAsync(
        Id<ConversationProject> id, UpdateProject input, Caller caller, ProjectFolders folders, CancellationToken ct)
    {
        var (project, error) = await folders.UpdateAsync(caller, id, input, ct);
        return project is null ? error! : TypedResults.Ok(ProjectResource.From(project));
    }

    private static async Task<Results<Ok<ProjectDeleted>, ApiError>> RemoveAsync(
        Id<ConversationProject> id, Caller caller, ProjectStore store, CancellationToken ct) =>
        await store.RemoveAsync(caller, id, ct) > 0 ? TypedResults.Ok(new ProjectDeleted(id.ToString())) : ApiError.NotFound("project");

    private static async Task<Results<Ok<Page<ConversationResource>>, ApiError>> ListConversationsAsync(
        Id<ConversationProject> id,
        [AsParameters] PageQuery page,
        Caller caller,
        ProjectStore projects,
        ConversationStore conversations,
        CancellationToken ct)
    {
        if (await projects.FindAsync(caller, id, ct) is null)
        {
            return ApiError.NotFound("project");
        }

        var filter = new ConversationFilter(Referrer: null, Folder: new(id.Value), Search: null);
        return await conversations.ListAsync(caller, filter, page, ct) is { } rows
            ? TypedResults.Ok(Page.Of(
                rows,
                page.Take,
                ConversationResource.Of,
                conversation => conversation.Id,
                conversation => ListPosition.Of(conversation.UpdatedAt, conversation.Id).ToString()))
            : ApiError.Invalid("after", TimeKeyset.UnknownCursor);
    }

    private static string Position(ConversationProject project) => ListPosition.Of(project.UpdatedAt, project.Id).ToString();
}
