namespace JanServer.LlmApi.Shares;

/// <summary>Shares a conversation, or one answer of it, as it is now.</summary>
/// <param name="Scope"><c>conversation</c> or <c>item</c>.</param>
/// <param name="ItemId">The answer, with scope <c>item</c>: a complete one of the assistant.</param>
/// <param name="Title">What readers see above it: up to 256 characters. Unless told, the conversation's title.</param>
/// <param name="IncludeImages">Whether readers see images; false unless told.</param>
/// <param name="IncludeContextMessages">With scope <c>item</c>, whether readers see the question too; false unless told.</param>
/// <param name="IncludeReasoning">Whether readers see what the model thought; false unless told.</param>
/// <param name="Branch">The branch; the active one unless told.</param>
/// <param name="ExpiresAt">When it ends, in Unix seconds; never unless told.</param>
/// <param name="ExpiresIn">How long it lives, in seconds, instead of <paramref name="ExpiresAt"/>.</param>
public sealed record CreateShare(
    string? Scope,
    string? ItemId = null,
    string? Title = null,
    bool? IncludeImages = null,
    bool? IncludeContextMessages = null,
    bool? IncludeReasoning = null,
    string? Branch = null,
    long? ExpiresAt = null,
    long? ExpiresIn = null);

/// <summary>What readers of a share see.</summary>
/// <param name="IncludeImages">Images.</param>
/// <param name="IncludeContextMessages">The question before the one answer that is shared.</param>
/// <param name="IncludeReasoning">What the model thought.</param>
public sealed record ShareTermsResource(bool IncludeImages, bool IncludeContextMessages, bool IncludeReasoning);

/// <summary>A share, as its owner sees it.</summary>
/// <param name="Id"><c>shr_…</c>.</param>
/// <param name="Slug">The secret part of the address.</param>
/// <param name="ShareUrl">The address that anyone may read.</param>
/// <param name="Title">The title that the owner gave it.</param>
/// <param name="ConversationId">What it is of.</param>
/// <param name="ItemId">The one item that is shared; absent for the whole conversation.</param>
/// <param name="Visibility">Always <c>unlisted</c>: who knows the address may read.</param>
/// <param name="ViewCount">How often it was read, exact to some seconds.</param>
/// <param name="RevokedAt">When it was revoked, in Unix seconds.</param>
/// <param name="ExpiresAt">When it ends, in Unix seconds; absent for never.</param>
/// <param name="LastViewedAt">When it was last read, in Unix seconds.</param>
/// <param name="SnapshotVersion">The form of the snapshot.</param>
/// <param name="ShareOptions">What readers see.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="UpdatedAt">Unix seconds.</param>
public sealed record ShareResource(
    string Id,
    string Slug,
    string ShareUrl,
    string? Title,
    string ConversationId,
    string? ItemId,
    string Visibility,
    long ViewCount,
    long? RevokedAt,
    long? ExpiresAt,
    long? LastViewedAt,
    int SnapshotVersion,
    ShareTermsResource ShareOptions,
    long CreatedAt,
    long UpdatedAt)
{
    /// <summary>Always <c>share</c>.</summary>
    public string Object => "share";

    internal static ShareResource From(ConversationShare share, string url) => new(
        share.Id.ToString(),
        share.Slug,
        url,
        share.Title,
        share.ConversationId.ToString(),
        share.ItemId?.ToString(),
        ConversationShare.Unlisted,
        share.ViewCount,
        share.RevokedAt?.ToUnixTimeSeconds(),
        share.ExpiresAt?.ToUnixTimeSeconds(),
        share.LastViewedAt?.ToUnixTimeSeconds(),
        share.SnapshotVersion,
        new(share.IncludeImages, share.IncludeContext, share.IncludeReasoning),
        share.CreatedAt.ToUnixTimeSeconds(),
        share.UpdatedAt.ToUnixTimeSeconds());
}

/// <summary>Says that a share is revoked.</summary>
/// <param name="Id">The share's id.</param>
public sealed record ShareDeleted(string Id)
{
    /// <summary>Always <c>share.deleted</c>.</summary>
    public string Object => "share.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}
