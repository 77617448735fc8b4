using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.AdminGroups;

/// <summary>What the members of a group may be.</summary>
internal static class GroupFields
{
    private const int MaxLength = 255;
    private const int MaxAttributes = 50;

    public static ApiError? CheckName(string? name) => name switch
    {
        null => ApiError.Missing("name"),
        _ when string.IsNullOrWhiteSpace(name) || name.Length > MaxLength || name.Contains('/', StringComparison.Ordinal) || name.Any(char.IsControl) =>
            ApiError.Invalid("name", $"A name has 1 to {MaxLength} characters, none of them a slash or a control character."),
        _ => null,
    };

    public static ApiError? Check(UpdateGroup group)
    {
        if (group == new UpdateGroup())
        {
            return new(StatusCodes.Status400BadRequest, ErrorCodes.MissingRequiredParameter, "Name at least one member to change.");
        }

        if (group.Name is not null && CheckName(group.Name) is { } invalid)
        {
            return invalid;
        }

        if (group.Attributes is not { } attributes)
        {
            return null;
        }

        if (attributes.Count > MaxAttributes)
        {
            return ApiError.Invalid("attributes", $"A group has at most {MaxAttributes} attributes.");
        }

        foreach (var (key, values) in attributes)
        {
            if (!IsText(key) || key.Length == 0)
            {
                return ApiError.Invalid("attributes", $"The name of an attribute has 1 to {MaxLength} characters, none of them control characters.");
            }

            if (values is null || values.Count > MaxAttributes || !values.All(IsText))
            {
                return ApiError.Invalid(
                    $"attributes.{key}", $"An attribute has at most {MaxAttributes} values of at most {MaxLength} characters, none of them control characters.");
            }
        }

        return null;
    }

    private static bool IsText(string? text) => text is { Length: <= MaxLength } && !text.Any(char.IsControl);
}
