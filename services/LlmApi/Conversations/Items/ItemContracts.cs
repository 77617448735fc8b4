using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>Adds items to the end of the active branch.</summary>
/// <param name="Items">1 to 20 items in OpenAI's form.</param>
public sealed record CreateItems(IReadOnlyList<JsonElement>? Items);

/// <summary>Says what became of a call of an MCP tool.</summary>
/// <param name="Status">How the call is, such as <c>completed</c> or <c>failed</c>.</param>
/// <param name="Output">What the tool answered.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">With what it was called, as JSON.</param>
/// <param name="ServerLabel">Whose tool it is.</param>
public sealed record UpdateCall(
    string? Status, string? Output = null, string? Error = null, string? Name = null, string? Arguments = null, string? ServerLabel = null);

/// <summary>Rates an item.</summary>
/// <param name="Rating"><c>like</c> or <c>unlike</c>.</param>
/// <param name="Comment">Why.</param>
public sealed record RateItem(string? Rating, string? Comment = null);

/// <summary>
/// An item: OpenAI's, with what the reference adds. Members that only its type has, such as <c>summary</c>, <c>action</c> or <c>tools</c>,
/// are beside these.
/// </summary>
public sealed record ItemResource
{
    /// <summary>The id, which the item keeps on every branch.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>conversation.item</c>.</summary>
    public string Object => "conversation.item";

    /// <summary>The branch that was read.</summary>
    public string? Branch { get; init; }

    /// <summary>Its place on that branch, from 1.</summary>
    public long? SequenceNumber { get; init; }

    /// <summary>Such as <c>message</c> or <c>function_call</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Who says it.</summary>
    public string? Role { get; init; }

    /// <summary>The parts.</summary>
    public ItemContent? Content { get; init; }

    /// <summary>Such as <c>completed</c>, <c>in_progress</c> or <c>incomplete</c>.</summary>
    public string? Status { get; init; }

    /// <summary>When it broke off.</summary>
    public DateTimeOffset? IncompleteAt { get; init; }

    /// <summary>Why it broke off.</summary>
    public JsonElement? IncompleteDetails { get; init; }

    /// <summary>When it was complete.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary><c>like</c> or <c>unlike</c>, by the user.</summary>
    public string? Rating { get; init; }

    /// <summary>When it was rated.</summary>
    public DateTimeOffset? RatedAt { get; init; }

    /// <summary>What the user said about it.</summary>
    public string? RatingComment { get; init; }

    /// <summary>What a call and its result have in common.</summary>
    public string? CallId { get; init; }

    /// <summary>The tool.</summary>
    public string? Name { get; init; }

    /// <summary>Whose tool it is.</summary>
    public string? ServerLabel { get; init; }

    /// <summary>With what the tool is called, as JSON.</summary>
    public string? Arguments { get; init; }

    /// <summary>What the tool answered, when that is text.</summary>
    public string? Output { get; init; }

    /// <summary>Why the call failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The members that only its type has.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; set; }

    internal static ItemResource Of(PlacedItem placed)
    {
        var item = placed.Item;
        var others = item.Extra is null ? null : JsonSerializer.Deserialize(item.Extra, ConversationsJson.Default.DictionaryStringJsonElement);
        return new()
        {
            Id = others is not null && others.Remove("id", out var given) ? given.GetString()! : item.Id.ToString(),
            Branch = placed.Branch,
            SequenceNumber = placed.Position,
            Type = item.Type,
            Role = item.Role,
            Content = item.Content is null ? null : new ItemContent(item.Content),
            Status = item.Status,
            IncompleteAt = item.IncompleteAt,
            IncompleteDetails = item.IncompleteDetails is null
                ? null
                : JsonSerializer.Deserialize(item.IncompleteDetails, ConversationsJson.Default.JsonElement),
            CompletedAt = item.CompletedAt,
            Rating = item.Rating,
            RatedAt = item.RatedAt,
            RatingComment = item.RatingComment,
            CallId = item.CallId,
            Name = item.Name,
            ServerLabel = item.ServerLabel,
            Arguments = item.Arguments,
            Output = item.Output,
            Error = item.Error,
            CreatedAt = item.CreatedAt,
            Others = others is { Count: > 0 } ? others : null,
        };
    }
}
