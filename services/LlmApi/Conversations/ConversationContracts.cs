using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Conversations;

/// <summary>Makes a conversation.</summary>
public sealed record CreateConversation
{
    /// <summary>Its title; one is made when there is none.</summary>
    public string? Title { get; init; }

    /// <summary>Up to 20 items to begin with, in OpenAI's form.</summary>
    public IReadOnlyList<JsonElement>? Items { get; init; }

    /// <summary>Up to 16 strings under keys of at most 64 characters, each of at most 512.</summary>
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }

    /// <summary>Where it began, such as the name of an application; lists can be filtered by it.</summary>
    public string? Referrer { get; init; }

    /// <summary>The folder to put it in.</summary>
    public string? ProjectId { get; init; }
}

/// <summary>Changes a conversation; what is absent stays.</summary>
public sealed record UpdateConversation
{
    /// <summary>A new title, which then stays until the user changes it; null to remove it.</summary>
    public string? Title
    {
        get;
        set => (field, TitleGiven) = (value, true);
    }

    /// <summary>Replaces all metadata; null to remove them.</summary>
    public IReadOnlyDictionary<string, string?>? Metadata
    {
        get;
        set => (field, MetadataGiven) = (value, true);
    }

    /// <summary>Where it began; null to remove it.</summary>
    public string? Referrer
    {
        get;
        set => (field, ReferrerGiven) = (value, true);
    }

    /// <summary>The folder to move it to; empty or null to take it out of its folder.</summary>
    public string? ProjectId
    {
        get;
        set => (field, ProjectGiven) = (value, true);
    }

    [JsonIgnore]
    internal bool TitleGiven { get; private set; }

    [JsonIgnore]
    internal bool MetadataGiven { get; private set; }

    [JsonIgnore]
    internal bool ReferrerGiven { get; private set; }

    [JsonIgnore]
    internal bool ProjectGiven { get; private set; }
}

/// <summary>A conversation: OpenAI's object, with a title, a referrer and a folder.</summary>
public sealed record ConversationResource(
    string Id,
    string? Title,
    IReadOnlyDictionary<string, string> Metadata,
    string? Referrer,
    string? ProjectId,
    string ActiveBranch,
    long CreatedAt,
    long UpdatedAt)
{
    /// <summary>Always <c>conversation</c>.</summary>
    public string Object => "conversation";

    internal static ConversationResource Of(Conversation conversation) => new(
        conversation.Id.ToString(),
        conversation.Title,
        MetadataOf(conversation),
        conversation.Referrer,
        conversation.FolderId?.ToString(),
        conversation.ActiveBranch,
        conversation.CreatedAt.ToUnixTimeSeconds(),
        conversation.UpdatedAt.ToUnixTimeSeconds());

    internal static Dictionary<string, string> MetadataOf(Conversation conversation) =>
        JsonSerializer.Deserialize(conversation.Metadata, ConversationsJson.Default.DictionaryStringString) ?? [];
}

/// <summary>Says that a conversation is gone.</summary>
public sealed record DeletedConversation(string Id)
{
    /// <summary>Always <c>conversation.deleted</c>.</summary>
    public string Object => "conversation.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}

/// <summary>Says that all conversations are gone.</summary>
public sealed record DeletedConversations(int DeletedCount)
{
    /// <summary>Always <c>conversations.deleted</c>.</summary>
    public string Object => "conversations.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}
