namespace JanServer.ServiceDefaults.Auth;

/// <summary>What a credential may be allowed to do. User tokens have <see cref="All"/>; API keys have what they were made with.</summary>
public static class Scopes
{
    /// <summary>Everything but administration, which takes the admin role.</summary>
    public const string All = "all";

    /// <summary>Chat, completions, embeddings, images.</summary>
    public const string Inference = "inference";

    /// <summary>Listing and reading models.</summary>
    public const string ModelsRead = "models:read";

    /// <summary>Reading and writing conversations and their items.</summary>
    public const string Conversations = "conversations";

    /// <summary>Storing, listing, reading and deleting files. <see cref="Inference"/> stores and reads them too, one at a time.</summary>
    public const string Media = "media";

    /// <summary>Listing and calling MCP tools, and the user's own MCP servers. <see cref="Inference"/> calls tools too.</summary>
    public const string Tools = "tools";

    /// <summary>Reading what was used and what it cost: the user's own requests and those of the organization.</summary>
    public const string UsageRead = "usage:read";

    /// <summary>Making, listing and revoking API keys.</summary>
    public const string ApiKeys = "api_keys";

    /// <summary>Administration, for a key whose user is an administrator.</summary>
    public const string Admin = "admin";

    /// <summary>Every scope an API key may be made with.</summary>
    public static IReadOnlyList<string> Known { get; } = [All, Inference, ModelsRead, Conversations, Media, Tools, UsageRead, ApiKeys, Admin];
}
