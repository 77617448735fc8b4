using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>The queries over titles. The owner is the caller whose turn it was.</summary>
internal sealed class TitleStore(LlmContext db)
{
    public async Task<TitleState?> FindAsync(TurnForTitle turn, CancellationToken ct)
    {
        var row = await ConversationStore.Owned(db, turn.Caller)
            .Where(conversation => conversation.Id == turn.ConversationId)
            .Select(conversation => new { conversation.Title, conversation.TitleLocked, conversation.TitleGenerated })
            .SingleOrDefaultAsync(ct);
        return row is null ? null : new(row.Title, row.TitleLocked, row.TitleGenerated);
    }

    /// <summary>Sets a title if it is still as it was seen: one that the user chose meanwhile stays.</summary>
    public Task<int> SetAsync(TurnForTitle turn, TitleState seen, string title, CancellationToken ct) =>
        ConversationStore.Owned(db, turn.Caller)
            .Where(conversation => conversation.Id == turn.ConversationId
                && !conversation.TitleLocked
                && conversation.TitleGenerated == seen.Generated
                && conversation.Title == seen.Title)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Title, title).SetProperty(row => row.TitleGenerated, true),
                ct);
}
