using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Compaction;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Contexts;

/// <summary>What goes before and into a response.</summary>
/// <param name="Context">Before the input, oldest first.</param>
/// <param name="Input">The input; references are replaced by what they refer to.</param>
internal sealed record LoadedContext(IReadOnlyList<ContextItem> Context, IReadOnlyList<ContextItem> Input);

/// <summary>Loads what the model is shown before the input: the conversation, or the responses before this one.</summary>
internal sealed class ContextLoader(
    ChainStore chains, ConversationClient conversations, ConversationOutbox outbox, CompactionItems compactions)
{
    private const int MaxConversationItems = 2000;
    private const string PreviousNotFound = "previous_response_not_found";

    public async Task<(LoadedContext? Loaded, ApiError? Error)> LoadAsync(
        Caller caller, ResponseRequest request, IReadOnlyList<ContextItem> input, CancellationToken ct)
    {
        var (context, error) = (request.Conversation, request.PreviousResponseId) switch
        {
            ({ } conversation, _) => await LoadConversationAsync(caller, conversation, ct),
            (_, { } previous) => await LoadChainAsync(caller, previous, ct),
            _ => ([], null),
        };
        if (context is null)
        {
            return (null, error);
        }

        var (resolved, unknown) = await ResolveAsync(caller, context, input, ct);
        if (resolved is null)
        {
            return (null, unknown);
        }

        var read = new List<ContextItem>(resolved.Count);
        for (var i = 0; i < resolved.Count; i++)
        {
            if (Open(caller, resolved[i]) is not { } item)
            {
                return (null, ApiError.Invalid($"input[{i}].encrypted_content", "This compaction was not made by this server for you."));
            }

            read.Add(item);
        }

        return (new([.. context.Select(item => Open(caller, item)).OfType<ContextItem>()], read), null);
    }

    /// <summary>The item; for a compaction the message that it stands for, or null when it cannot be read.</summary>
    private ContextItem? Open(Caller caller, ContextItem item)
    {
        if (item.Item.TypeOf() != CompactionItems.Type)
        {
            return item;
        }

        return compactions.TryOpen(caller, item.Item, out var message) ? new ContextItem(message.Value) : null;
    }

    private async Task<(List<ContextItem>? Context, ApiError? Error)> LoadConversationAsync(Caller caller, string conversation, CancellationToken ct)
    {
        // Before the conversation itself: what is delivered in between is then in both, and not in neither.
        var pending = await outbox.PendingAsync(conversation, ct);
        var (items, error) = await conversations.ListAsync(caller, conversation, MaxConversationItems, ct);
        if (items is null)
        {
            return (null, error);
        }

        var there = items.Select(item => item.Text("id")).ToHashSet(StringComparer.Ordinal);
        items.AddRange(pending.Where(item => there.Add(item.Text("id"))));
        var context = items.ConvertAll(item => new ContextItem(ConversationItems.Plain(item)));
        await chains.AddExecutionsAsync(caller, context, ct);
        return (context, null);
    }

    private async Task<(List<ContextItem>? Context, ApiError? Error)> LoadChainAsync(Caller caller, string previous, CancellationToken ct)
    {
        var links = await chains.ListAsync(caller, Id<Response>.Parse(previous), ct);
        if (links.Count == 0)
        {
            return (null, Unknown($"Previous response with id '{previous}' not found."));
        }

        if (!ResponseStatus.IsFinal(links[^1].Status))
        {
            return (null, ApiError.Invalid("previous_response_id", "That response has not ended yet."));
        }

        if (links.Count > ChainStore.MaxLength)
        {
            return (null, ApiError.Invalid(
                "previous_response_id", $"More than {ChainStore.MaxLength} responses are before this one. Begin anew, or compact them."));
        }

        var first = links[0];
        if (first.Previous is not null)
        {
            return (null, Unknown("A response before the previous one has been deleted."));
        }

        var context = links.SelectMany(link => link.Items).ToList();
        if (first.Conversation is not { } conversation)
        {
            return (context, null);
        }

        // The first one went on with a conversation: what was in there before it comes first.
        var (before, error) = await LoadConversationAsync(caller, conversation, ct);
        if (before is null)
        {
            return (null, error);
        }

        var own = context.Select(item => item.Item.Text("id")).ToHashSet(StringComparer.Ordinal);
        return ([.. before.TakeWhile(item => !own.Contains(item.Item.Text("id"))), .. context], null);
    }

    private async Task<(IReadOnlyList<ContextItem>? Input, ApiError? Error)> ResolveAsync(
        Caller caller, List<ContextItem> context, IReadOnlyList<ContextItem> input, CancellationToken ct)
    {
        var wanted = input.Where(IsReference).Select(item => item.Item.Text("id")!).Distinct(StringComparer.Ordinal).ToArray();
        if (wanted.Length == 0)
        {
            return (input, null);
        }

        var stored = await chains.FindItemsAsync(caller, wanted, ct);
        var known = context.Concat(input.Where(item => !IsReference(item))).Where(item => item.Item.Text("id") is not null)
            .GroupBy(item => item.Item.Text("id")!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        var resolved = new List<ContextItem>(input.Count);
        for (var i = 0; i < input.Count; i++)
        {
            if (!IsReference(input[i]))
            {
                resolved.Add(input[i]);
            }
            else if (input[i].Item.Text("id") is { } id && (known.TryGetValue(id, out var item) || stored.TryGetValue(id, out item)))
            {
                resolved.Add(item);
            }
            else
            {
                return (null, new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "No item was found with that id.", $"input[{i}].id"));
            }
        }

        return (resolved, null);
    }

    private static bool IsReference(ContextItem item) =>
        item.Item.ValueKind == JsonValueKind.Object && item.Item.Text("type") == "item_reference";

    private static ApiError Unknown(string message) =>
        new(StatusCodes.Status400BadRequest, PreviousNotFound, message, "previous_response_id");
}
