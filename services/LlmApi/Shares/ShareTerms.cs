using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations.Items;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Shares;

/// <summary>What is to be shared and for how long, checked.</summary>
internal sealed record ShareTerms
{
    private const int MaxTitle = 256;
    private const int MaxBranch = 50;
    private const long MaxSeconds = 10L * 366 * 24 * 60 * 60;

    /// <summary>The one item to share; null for the whole conversation.</summary>
    public Id<ConversationItem>? ItemId { get; private init; }

    public string? Title { get; private init; }

    public bool IncludeImages { get; private init; }

    public bool IncludeContext { get; private init; }

    public bool IncludeReasoning { get; private init; }

    /// <summary>Null for the active one.</summary>
    public string? Branch { get; private init; }

    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>Checks a request; a branch in the query counts before one in the body.</summary>
    public static (ShareTerms? Terms, ApiError? Error) Of(CreateShare input, string? branch, DateTimeOffset now)
    {
        branch ??= input.Branch;
        var (expiresAt, expiryError) = ExpiryOf(input, now);
        var title = input.Title?.Trim();
        var error = ScopeErrorOf(input)
            ?? (title?.Length > MaxTitle ? ApiError.Invalid("title", $"A title has at most {MaxTitle} characters.") : null)
            ?? (title?.Any(char.IsControl) == true ? ApiError.Invalid("title", "A title is one line without control characters.") : null)
            ?? (branch is { Length: 0 or > MaxBranch } || branch?.Contains('\0', StringComparison.Ordinal) == true ? NoBranch() : null)
            ?? expiryError;
        return error is not null ? (null, error) : (
            new()
            {
                ItemId = input.Scope == "item" ? ItemRef.Parse(input.ItemId).Id : null,
                Title = string.IsNullOrEmpty(title) ? null : title,
                IncludeImages = input.IncludeImages ?? false,
                IncludeContext = input.IncludeContextMessages ?? false,
                IncludeReasoning = input.IncludeReasoning ?? false,
                Branch = branch is null ? null : Conversations.Branches.Branch.Normalize(branch),
                ExpiresAt = expiresAt,
            },
            null);
    }

    public static ApiError NoBranch() => ApiError.Invalid("branch", "The conversation has no branch of that name.");

    private static ApiError? ScopeErrorOf(CreateShare input) => input.Scope switch
    {
        null => ApiError.Missing("scope"),
        "conversation" when input.ItemId is not null =>
            ApiError.Invalid("item_id", "An item is shared with the scope 'item'."),
        "conversation" => null,
        "item" when string.IsNullOrEmpty(input.ItemId) => ApiError.Missing("item_id"),
        "item" => null,
        _ => ApiError.Invalid("scope", "The scope is 'conversation' or 'item'."),
    };

    private static (DateTimeOffset? At, ApiError? Error) ExpiryOf(CreateShare input, DateTimeOffset now)
    {
        if (input is { ExpiresAt: not null, ExpiresIn: not null })
        {
            return (null, ApiError.Invalid("expires_in", "Send one of 'expires_at' and 'expires_in'."));
        }

        if (input.ExpiresIn is { } seconds)
        {
            return seconds is < 1 or > MaxSeconds
                ? (null, ApiError.Invalid("expires_in", "A share lives for at least a second and at most ten years."))
                : (now.AddSeconds(seconds), null);
        }

        return input.ExpiresAt is not { } at ? (null, null)
            : at <= now.ToUnixTimeSeconds() || at > now.ToUnixTimeSeconds() + MaxSeconds
                ? (null, ApiError.Invalid("expires_at", "It must be in the future, and not more than ten years ahead."))
                : (DateTimeOffset.FromUnixTimeSeconds(at), null);
    }
}
