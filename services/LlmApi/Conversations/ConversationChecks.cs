using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Projects;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Conversations;

/// <summary>The rules of a conversation's own members.</summary>
internal static class ConversationChecks
{
    private const int MaxMetadata = 16;
    private const int MaxKey = 64;
    private const int MaxValue = 512;
    private const int MaxReferrer = 64;
    private const int MaxTitle = 4096;

    public static ApiError? Check(CreateConversation input) =>
        Title(input.Title) ?? Metadata(input.Metadata) ?? Referrer(input.Referrer) ?? Folder(input.ProjectId);

    public static ApiError? Check(UpdateConversation input) =>
        Title(input.Title) ?? Metadata(input.Metadata) ?? Referrer(input.Referrer) ?? Folder(input.ProjectId);

    /// <summary>The metadata as stored.</summary>
    public static string Serialize(IReadOnlyDictionary<string, string?>? metadata) => metadata is null or { Count: 0 }
        ? "{}"
        : JsonSerializer.Serialize(new Dictionary<string, string>(metadata!), ConversationsJson.Default.DictionaryStringString);

    private static ApiError? Title(string? title) => title switch
    {
        { Length: > MaxTitle } => ApiError.Invalid("title", $"A title may have at most {MaxTitle} characters."),
        not null when title.Contains('\0', StringComparison.Ordinal) => ApiError.Invalid("title", "A title must not hold NUL."),
        _ => null,
    };

    private static ApiError? Metadata(IReadOnlyDictionary<string, string?>? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        if (metadata.Count > MaxMetadata)
        {
            return ApiError.Invalid("metadata", $"There may be at most {MaxMetadata} metadata.");
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > MaxKey || key.Any(char.IsControl))
            {
                return ApiError.Invalid("metadata", $"A key of metadata must have 1 to {MaxKey} printable characters.");
            }

            if (value is null || RunesIn(value) > MaxValue || value.Contains('\0', StringComparison.Ordinal))
            {
                return ApiError.Invalid($"metadata.{key}", $"A value must be a string of at most {MaxValue} characters without NUL.");
            }
        }

        return null;
    }

    private static ApiError? Referrer(string? referrer) =>
        referrer is not null && (referrer.Length == 0 || RunesIn(referrer) > MaxReferrer || referrer.Any(char.IsControl))
            ? ApiError.Invalid("referrer", $"A referrer must have 1 to {MaxReferrer} printable characters.")
            : null;

    private static ApiError? Folder(string? id) =>
        id is { Length: > 0 } && Id<ConversationProject>.Parse(id).IsNone
            ? ApiError.Invalid("project_id", "This is no id of a project of conversations.")
            : null;

    private static int RunesIn(string text) => text.EnumerateRunes().Count();
}
