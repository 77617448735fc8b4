using System.Text.RegularExpressions;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.FeatureFlags;

/// <summary>What the members of a feature flag may be.</summary>
internal static partial class FeatureFlagFields
{
    private const int MaxName = 255;
    private const int MaxDescription = 2000;
    private const int MaxCategory = 50;

    public static ApiError? Check(CreateFeatureFlag flag) => flag switch
    {
        { Key: null } => ApiError.Missing("key"),
        { Key: var key } when !IsKey(key) => ApiError.Invalid("key", "A key has 1 to 50 characters of a-z, 0-9 and _."),
        { Name: null } => ApiError.Missing("name"),
        _ => CheckPresent(flag.Name, flag.Description, flag.Category),
    };

    public static ApiError? Check(UpdateFeatureFlag flag) =>
        flag == new UpdateFeatureFlag()
            ? new(StatusCodes.Status400BadRequest, ErrorCodes.MissingRequiredParameter, "Name at least one member to change.")
            : CheckPresent(flag.Name, flag.Description, flag.Category);

    public static bool IsKey(string key) => Key().IsMatch(key);

    private static ApiError? CheckPresent(string? name, string? description, string? category) =>
        name is not null && (string.IsNullOrWhiteSpace(name) || !Fits(name, MaxName))
            ? ApiError.Invalid("name", $"A name has 1 to {MaxName} characters.")
            : description is not null && !Fits(description, MaxDescription)
                ? ApiError.Invalid("description", $"A description has at most {MaxDescription} characters.")
                : category is not null && !Fits(category, MaxCategory)
                    ? ApiError.Invalid("category", $"A category has at most {MaxCategory} characters.")
                    : null;

    private static bool Fits(string text, int max) => text.Length <= max && !text.Contains('\0', StringComparison.Ordinal);

    [GeneratedRegex(@"\A[a-z0-9_]{1,50}\z")]
    private static partial Regex Key();
}
