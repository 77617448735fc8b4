using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Requests;

/// <summary>OpenAI's rules for <c>metadata</c>: up to 16 members, names of up to 64 characters, values of up to 512.</summary>
internal static class MetadataRules
{
    public const int MaxMembers = 16;
    public const int MaxName = 64;
    public const int MaxValue = 512;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static ApiError? Check(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count > MaxMembers)
        {
            return ApiError.Invalid("metadata", $"It must have at most {MaxMembers} members.");
        }

        foreach (var (name, value) in metadata)
        {
            if (name.Length is 0 or > MaxName || name.Contains('\0', StringComparison.Ordinal))
            {
                return ApiError.Invalid("metadata", $"Its names must be 1 to {MaxName} characters long and hold no NUL.");
            }

            if (value is null || value.Length > MaxValue || value.Contains('\0', StringComparison.Ordinal))
            {
                return ApiError.Invalid($"metadata.{name}", $"It must be a string of at most {MaxValue} characters without NUL.");
            }
        }

        return null;
    }
}
