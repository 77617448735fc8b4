using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.LlmApi.Conversations.Titles;
using JanServer.LlmApi.Projects;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Npgsql;

namespace JanServer.LlmApi.Conversations;

/// <summary>What an update changes.</summary>
internal sealed record ConversationChange(
    DateTimeOffset At,
    bool SetsTitle,
    string? Title,
    string? Metadata,
    bool SetsReferrer,
    string? Referrer,
    bool SetsFolder,
    Id<ConversationProject>? Folder);

/// <summary>Makes and changes conversations.</summary>
internal sealed class ConversationChanges(ConversationStore store, TimeProvider clock)
{
    public async Task<(Conversation? Conversation, ApiError? Error)> CreateAsync(Caller caller, CreateConversation input, CancellationToken ct)
    {
        var conversation = New(caller) with
        {
            FolderId = FolderOf(input.ProjectId),
            Title = TitleText.Chosen(input.Title),
            Metadata = ConversationChecks.Serialize(input.Metadata),
            Referrer = input.Referrer,
        };
        var (items, error) = new ItemReader(conversation.Id, clock).Read(input.Items, required: false);
        error = ConversationChecks.Check(input) ?? error;
        if (error is not null)
        {
            return (null, error);
        }

        if (conversation.FolderId is { } folder && !await store.HasFolderAsync(caller, folder, ct))
        {
            return (null, NoFolder());
        }

        try
        {
            return await store.AddAsync(conversation, MainOf(conversation), items!, ct) ? (conversation, null) : (null, ItemReader.Taken());
        }
        catch (Exception e) when (IsFolderGone(e))
        {
            return (null, NoFolder());
        }
    }

    public async Task<(Conversation? Conversation, ApiError? Error)> UpdateAsync(
        Caller caller, Id<Conversation> id, UpdateConversation input, CancellationToken ct)
    {
        if (ConversationChecks.Check(input) is { } error)
        {
            return (null, error);
        }

        // Null removes the title; one that says nothing changes nothing.
        var title = TitleText.Chosen(input.Title);
        var folder = FolderOf(input.ProjectId);
        var change = new ConversationChange(
            clock.GetUtcNow(),
            input.TitleGiven && (input.Title is null || title is not null),
            title,
            input.MetadataGiven ? ConversationChecks.Serialize(input.Metadata) : null,
            input.ReferrerGiven,
            input.Referrer,
            input.ProjectGiven,
            folder);
        if (folder is { } wanted && !await store.HasFolderAsync(caller, wanted, ct))
        {
            return (null, NoFolder());
        }

        try
        {
            await store.UpdateAsync(caller, id, change, ct);
        }
        catch (Exception e) when (IsFolderGone(e))
        {
            return (null, NoFolder());
        }

        return await store.FindAsync(caller, id, ct) is { } conversation ? (conversation, null) : (null, ApiError.NotFound("conversation"));
    }

    /// <summary>An empty conversation of the caller.</summary>
    public Conversation New(Caller caller)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Id<Conversation>.New(clock),
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            ProjectId = caller.ProjectId,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>The branch that every conversation begins with.</summary>
    public Branch MainOf(Conversation conversation) => new()
    {
        Id = Id<Branch>.New(clock),
        ConversationId = conversation.Id,
        Name = Branch.Main,
        CreatedAt = conversation.CreatedAt,
        UpdatedAt = conversation.CreatedAt,
    };

    private static Id<ConversationProject>? FolderOf(string? id) => id is { Length: > 0 } ? Id<ConversationProject>.Parse(id) : null;

    private static ApiError NoFolder() =>
        new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "No project of conversations was found with that id.", "project_id");

    private static bool IsFolderGone(Exception exception) =>
        exception is PostgresException
        {
            SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: "conversations_folder_id_fkey",
        };
}
