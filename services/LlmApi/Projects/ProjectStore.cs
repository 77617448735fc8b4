using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.LlmApi.Projects;

/// <summary>The queries over folders of conversations. Every one names the owner.</summary>
internal sealed class ProjectStore(LlmContext db)
{
    private const string UniqueName = "conversation_projects_name";

    /// <summary>A page and one row more; null when its cursor is none.</summary>
    public Task<List<ConversationProject>?> ListAsync(Caller caller, ProjectFilter filter, PageQuery page, CancellationToken ct)
    {
        var rows = Of(caller);
        if (filter.Archived is { } archived)
        {
            rows = archived ? rows.Where(project => project.ArchivedAt != null) : rows.Where(project => project.ArchivedAt == null);
        }

        if (filter.Favorite is { } favorite)
        {
            rows = rows.Where(project => project.IsFavorite == favorite);
        }

        return rows.PageByAsync(page, project => project.UpdatedAt, project => project.Id, ct);
    }

    public Task<ConversationProject?> FindAsync(Caller caller, Id<ConversationProject> id, CancellationToken ct) =>
        Of(caller).SingleOrDefaultAsync(project => project.Id == id, ct);

    public Task<Id<ConversationProject>> FindByNameAsync(Caller caller, string name, CancellationToken ct) =>
        Of(caller).Where(project => project.Name == name).Select(project => project.Id).SingleOrDefaultAsync(ct);

    /// <summary>Adds a folder; false when the owner has one of that name, also when that one was added a moment ago.</summary>
    public async Task<bool> AddAsync(ConversationProject project, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            INSERT INTO conversation_projects (
                id, user_id, organization_id, project_id, name, instruction, is_favorite, archived_at, created_at, updated_at)
            VALUES (
                {project.Id}, {project.UserId}, {project.OrganizationId}, {project.ProjectId}, {project.Name}, {project.Instruction},
                {project.IsFavorite}, {project.ArchivedAt}, {project.CreatedAt}, {project.UpdatedAt})
            ON CONFLICT ON CONSTRAINT conversation_projects_name DO NOTHING
            """,
            ct) == 1;
    }

    /// <summary>Changes what <paramref name="change"/> names; null when the owner has another folder of that name.</summary>
    /// <returns>How many rows changed.</returns>
    public async Task<int?> UpdateAsync(
        Caller caller, Id<ConversationProject> id, ProjectChange change, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await Of(caller).Where(project => project.Id == id).ExecuteUpdateAsync(
                set =>
                {
                    set.SetProperty(project => project.UpdatedAt, now);
                    if (change.Name is { } name)
                    {
                        set.SetProperty(project => project.Name, name);
                    }

                    if (change.HasInstruction)
                    {
                        set.SetProperty(project => project.Instruction, change.Instruction);
                    }

                    if (change.IsFavorite is { } favorite)
                    {
                        set.SetProperty(project => project.IsFavorite, favorite);
                    }

                    if (change.IsArchived is { } archived)
                    {
                        // Archiving what is archived keeps the time of the first.
                        set.SetProperty(project => project.ArchivedAt, project => archived ? project.ArchivedAt ?? now : null);
                    }
                },
                ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: UniqueName })
        {
            return null;
        }
    }

    /// <summary>Removes a folder; its conversations stay and lie in none.</summary>
    public Task<int> RemoveAsync(Caller caller, Id<ConversationProject> id, CancellationToken ct) =>
        Of(caller).Where(project => project.Id == id).ExecuteDeleteAsync(ct);

    private IQueryable<ConversationProject> Of(Caller caller) =>
        db.ConversationProjects.Where(project => project.UserId == caller.UserId && project.ProjectId == caller.ProjectId);
}
