using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Projects;

/// <summary>What a request changes about a folder, checked and trimmed.</summary>
internal sealed record ProjectChange(string? Name, bool HasInstruction, string? Instruction, bool? IsFavorite, bool? IsArchived);

/// <summary>Makes and changes folders of conversations.</summary>
internal sealed class ProjectFolders(ProjectStore store, TimeProvider clock)
{
    public async Task<(ConversationProject? Project, ApiError? Error)> CreateAsync(Caller caller, CreateProject input, CancellationToken ct)
    {
        if (input.Name is null)
        {
            return (null, ApiError.Missing("name"));
        }

        var (name, nameError) = ProjectText.Name(input.Name);
        var (instruction, instructionError) = ProjectText.Instruction(input.Instruction);
        if ((nameError ?? instructionError) is { } error)
        {
            return (null, error);
        }

        var now = clock.GetUtcNow();
        var project = new ConversationProject
        {
            Id = Id<ConversationProject>.New(clock),
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            ProjectId = caller.ProjectId,
            Name = name,
            Instruction = instruction,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await store.AddAsync(project, ct) ? (project, null) : (null, await TakenAsync(caller, name, ct));
    }

    public async Task<(ConversationProject? Project, ApiError? Error)> UpdateAsync(
        Caller caller, Id<ConversationProject> id, UpdateProject input, CancellationToken ct)
    {
        var (name, nameError) = input.Name is null ? (null, null) : ProjectText.Name(input.Name);
        var (instruction, instructionError) = ProjectText.Instruction(input.Instruction);
        if ((nameError ?? instructionError) is { } error)
        {
            return (null, error);
        }

        var change = new ProjectChange(name, input.HasInstruction, instruction, input.IsFavorite, input.IsArchived);
        var changed = await store.UpdateAsync(caller, id, change, clock.GetUtcNow(), ct);
        return changed is null
            ? (null, await TakenAsync(caller, name!, ct))
            : await store.FindAsync(caller, id, ct) is { } project ? (project, null) : (null, ApiError.NotFound("project"));
    }

    private async Task<ApiError> TakenAsync(Caller caller, string name, CancellationToken ct)
    {
        // It may be gone by now; then the client tries again.
        var existing = await store.FindByNameAsync(caller, name, ct);
        return ApiError.Conflict("Another project has that name.", "name", existing.IsNone ? null : existing.ToString());
    }
}
