using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Shares;

/// <summary>
/// Shares a conversation: the snapshot is taken first, and everything or nothing is written. Other shares of the conversation stay.
/// </summary>
internal sealed class ShareCreation(ShareStore store, IOptions<SharesOptions> options, TimeProvider clock)
{
    // What may be read to make a snapshot: images that readers do not see are read and left out.
    private const int ReadPerByte = 8;

    public async Task<(ConversationShare? Share, ApiError? Error)> CreateAsync(
        Caller caller, Id<Conversation> id, ShareTerms terms, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await store.BeginAsync(ct);
        if (await store.HoldAsync(caller, id, terms.Branch, ct) is not { } conversation)
        {
            return (null, ApiError.NotFound("conversation"));
        }

        if (conversation.BranchId is not { } branch)
        {
            return (null, ShareTerms.NoBranch());
        }

        using var snapshot = new SnapshotWriter(terms);
        var items = terms.ItemId is { } item
            ? await store.ItemAsync(branch, item, terms.IncludeContext, ct)
            : await store.ItemsAsync(branch, ct);
        if (await FillAsync(snapshot, items, terms) is { } error)
        {
            return (null, error);
        }

        var (model, assistant) = NamesOf(conversation.Metadata);
        var bytes = snapshot.Complete(conversation.Title, model, assistant, now);
        if (bytes.Length > options.Value.MaxSnapshotBytes)
        {
            return (null, TooLarge());
        }

        var share = new ConversationShare
        {
            Id = Id<ConversationShare>.New(clock),
            Slug = ShareSlug.New(),
            ConversationId = id,
            UserId = caller.UserId,
            OrganizationId = caller.OrganizationId,
            ProjectId = caller.ProjectId,
            ItemId = terms.ItemId,
            Title = terms.Title,
            SnapshotVersion = SnapshotWriter.Version,
            IncludeImages = terms.IncludeImages,
            IncludeContext = terms.IncludeContext,
            IncludeReasoning = terms.IncludeReasoning,
            ExpiresAt = terms.ExpiresAt,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (!await store.AddAsync(share, bytes, options.Value.MaxPerConversation, ct))
        {
            return (null, ApiError.Conflict(
                $"This conversation has {options.Value.MaxPerConversation} shares, which is as many as there may be. Revoke one first."));
        }

        await transaction.CommitAsync(ct);
        return (share, null);
    }

    private async Task<ApiError?> FillAsync(SnapshotWriter snapshot, IAsyncEnumerable<SharedItem> items, ShareTerms terms)
    {
        var max = options.Value.MaxSnapshotBytes;
        var read = 0L;
        SharedItem? last = null;
        await foreach (var item in items)
        {
            read += item.Content?.Length ?? 0;
            snapshot.Add(item);
            last = item;
            if (snapshot.Length > max || read > (long)max * ReadPerByte)
            {
                return TooLarge();
            }
        }

        if (terms.ItemId is not null)
        {
            // The answer comes last, after its question.
            return last is null ? ApiError.Invalid("item_id", "The branch has no such item.")
                : last is not { Type: "message", Role: "assistant", Status: null or "completed" }
                    ? ApiError.Invalid("item_id", "Only a complete message of the assistant can be shared alone.")
                : null;
        }

        return snapshot.Count == 0
            ? new ApiError(StatusCodes.Status400BadRequest, ErrorCodes.InvalidValue, "There is nothing in this conversation to share yet.")
            : null;
    }

    private ApiError TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.RequestTooLarge,
        $"What would be shared is larger than {options.Value.MaxSnapshotBytes} bytes. Share single answers, or leave images out.");

    private static (string? Model, string? Assistant) NamesOf(string metadata)
    {
        using var json = JsonDocument.Parse(metadata);
        return (Text("model"), Text("assistant"));

        string? Text(string name) =>
            json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
