using System.Globalization;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Conversations.Branches;

/// <summary>What a change of the timeline left behind.</summary>
/// <param name="Main">The new timeline.</param>
/// <param name="Backup">The name of the old one.</param>
/// <param name="UserItem">What the user says last on the new one, when that matters.</param>
/// <param name="Gone">The items that the new one lacks.</param>
internal sealed record TimelineChange(Branch Main, string Backup, PlacedItem? UserItem, IReadOnlyList<Id<ConversationItem>> Gone);

/// <summary>
/// Edits, regenerations and deletions. Each makes a new <c>MAIN</c> of the same items, in one transaction, and puts the old one aside as
/// a backup, of which a bounded number is kept.
/// </summary>
internal sealed class Timelines(LlmContext db, TimelineStore store, TimeProvider clock)
{
    /// <summary>So many backups of one conversation are kept.</summary>
    public const int MaxBackups = 20;

    /// <summary>Says something else in place of what the user said; what came after is gone.</summary>
    public async Task<(TimelineChange? Change, ApiError? Error)> EditAsync(
        Caller caller, Id<Conversation> id, Id<ConversationItem> itemId, JsonElement content, CancellationToken ct)
    {
        if (content.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return (null, ApiError.Missing("content"));
        }

        if (JsonStrings.FindUnreadable(content, "content") is { } unreadable)
        {
            return (null, ApiError.Invalid(unreadable, "It holds NUL or half a character."));
        }

        if (ContentReader.Read(content, ItemVocabulary.User, "content", out var json) is { } bad)
        {
            return (null, bad);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (start, error) = await BeginAsync(caller, id, itemId, ct);
        if (start is null)
        {
            return (null, error);
        }

        if (!IsUsers(start.Item))
        {
            return (null, ApiError.Invalid("item", "Only what the user said can be edited."));
        }

        var now = clock.GetUtcNow();
        var edited = new ConversationItem
        {
            Id = Id<ConversationItem>.New(clock),
            ConversationId = id,
            Type = ItemVocabulary.Message,
            Role = ItemVocabulary.User,
            Status = ItemVocabulary.Completed,
            Content = json,
            CompletedAt = now,
            CreatedAt = now,
        };
        var (main, backup) = await SwapAsync(id, start, start.Position - 1, [], now, ct);
        var connection = (Npgsql.NpgsqlConnection)db.Database.GetDbConnection();
        var places = await ItemAppend.AppendAsync(connection, [new(id, [edited], main.Id)], now, ct);
        main = await store.GetAsync(main.Id, ct);
        await transaction.CommitAsync(ct);
        return (new(main, backup, new(edited, Branch.Main, places[0].Position), []), null);
    }

    /// <summary>Takes an answer back, up to what the user said before it.</summary>
    public async Task<(TimelineChange? Change, ApiError? Error)> RegenerateAsync(
        Caller caller, Id<Conversation> id, Id<ConversationItem> itemId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (start, error) = await BeginAsync(caller, id, itemId, ct);
        if (start is null)
        {
            return (null, error);
        }

        var position = start.Position;
        var user = start.Item;
        if (!IsUsers(user))
        {
            if (await store.FindUserBeforeAsync(start.Source.Id, position, ct) is not { } before
                || await store.FindItemAsync(id, before.ItemId, ct) is not { } found)
            {
                return (null, ApiError.Invalid("item", "The user said nothing before this item that could be answered again."));
            }

            (position, user) = (before.Position, found);
        }

        var (main, backup) = await SwapAsync(id, start, position, [], clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return (new(main, backup, new(user, Branch.Main, main.ItemCount), []), null);
    }

    /// <summary>Takes one item out, and with it the results of the calls that it made: no result is left without its call.</summary>
    public async Task<(TimelineChange? Change, ApiError? Error)> RemoveItemAsync(
        Caller caller, Id<Conversation> id, Id<ConversationItem> itemId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (start, error) = await BeginAsync(caller, id, itemId, ct);
        if (start is null)
        {
            return (null, error);
        }

        List<Id<ConversationItem>> gone = [itemId];
        if (ToolCalls.MadeBy(start.Item) is { Length: > 0 } calls)
        {
            gone.AddRange(await store.ResultsOfAsync(id, start.Source.Id, start.Position, calls, ct));
        }

        var (main, backup) = await SwapAsync(id, start, long.MaxValue, gone, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return (new(main, backup, null, gone), null);
    }

    private static bool IsUsers(ConversationItem item) => item is { Type: ItemVocabulary.Message, Role: ItemVocabulary.User };

    /// <summary>Holds the conversation and finds the item: on the active branch, or else on the newest branch that has it.</summary>
    private async Task<(Start? Start, ApiError? Error)> BeginAsync(
        Caller caller, Id<Conversation> id, Id<ConversationItem> itemId, CancellationToken ct)
    {
        if (await store.LockAsync(caller, id, ct) is not { } active)
        {
            return (null, ApiError.NotFound("conversation"));
        }

        if (await store.FindItemAsync(id, itemId, ct) is not { } item)
        {
            return (null, ApiError.NotFound("item"));
        }

        var branches = await store.ListAsync(id, ct);
        var places = await store.PlacesOfAsync(itemId, ct);
        var place = places
            .Join(branches, row => row.BranchId, branch => branch.Id, (row, branch) => (row.Position, Branch: branch))
            .OrderByDescending(row => row.Branch.Name == active)
            .ThenByDescending(row => row.Branch.Id)
            .FirstOrDefault();
        return place.Branch is null ? (null, ApiError.NotFound("item")) : (new(branches, item, place.Branch, place.Position), null);
    }

    private async Task<(Branch Main, string Backup)> SwapAsync(
        Id<Conversation> id, Start start, long upTo, List<Id<ConversationItem>> without, DateTimeOffset now, CancellationToken ct)
    {
        var old = start.Branches.Single(branch => branch.Name == Branch.Main);
        var backup = BackupName(start.Branches, now);
        await store.PutAsideAsync(old.Id, backup, now, ct);
        var main = new Branch
        {
            Id = Id<Branch>.New(clock),
            ConversationId = id,
            Name = Branch.Main,
            ParentBranch = start.Source.Id == old.Id ? backup : start.Source.Name,
            ForkedAt = now,
            ForkedFromItemId = start.Item.Id,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await store.ForkAsync(main, start.Source.Id, upTo, without, ct);
        await store.ActivateAsync(id, Branch.Main, now, ct);
        var surplus = start.Branches
            .Where(branch => branch.BackedUpAt is not null)
            .OrderByDescending(branch => branch.BackedUpAt)
            .ThenByDescending(branch => branch.Id)
            .Skip(MaxBackups - 1)
            .Select(branch => branch.Id)
            .ToList();
        await store.RemoveAsync(surplus, ct);
        return (await store.GetAsync(main.Id, ct), backup);
    }

    /// <summary>The reference's name, and a number when there was another edit in that second.</summary>
    private static string BackupName(List<Branch> branches, DateTimeOffset now)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Branch.Main}_{now:yyyyMMddHHmmss}");
        var unique = name;
        for (var n = 2; branches.Exists(branch => branch.Name == unique); n++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{n}");
        }

        return unique;
    }

    private sealed record Start(List<Branch> Branches, ConversationItem Item, Branch Source, long Position);
}
