using System.ComponentModel.DataAnnotations.Schema;
using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>
/// Something said or done in a conversation: a row of <c>conversation_items</c>. It is stored once, whatever branches hold it, and keeps
/// its id.
/// </summary>
internal sealed record ConversationItem : IIdentified
{
    public static string IdPrefix => "msg";

    public required Id<ConversationItem> Id { get; init; }

    public required Id<Conversation> ConversationId { get; init; }

    /// <summary>One of <see cref="ItemVocabulary.Types"/>.</summary>
    public required string Type { get; init; }

    /// <summary>One of <see cref="ItemVocabulary.Roles"/>.</summary>
    public string? Role { get; init; }

    /// <summary>One of <see cref="ItemVocabulary.Statuses"/>.</summary>
    public string? Status { get; init; }

    /// <summary>A JSON array of content parts, made by <see cref="ContentBuilder"/>.</summary>
    [Column(TypeName = "json")]
    public string? Content { get; init; }

    public string? CallId { get; init; }

    public string? Name { get; init; }

    public string? ServerLabel { get; init; }

    public string? Arguments { get; init; }

    public string? Output { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset? IncompleteAt { get; init; }

    /// <summary>A JSON object such as <c>{"reason":"client_gone"}</c>.</summary>
    [Column(TypeName = "json")]
    public string? IncompleteDetails { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? Rating { get; init; }

    public DateTimeOffset? RatedAt { get; init; }

    public string? RatingComment { get; init; }

    /// <summary>A JSON object of the members that few types have, answered beside the others.</summary>
    [Column(TypeName = "json")]
    public string? Extra { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
