using System.Net.Mail;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.AdminUsers;

/// <summary>What the members of a user may be. The identity provider may want more of them, and says so itself.</summary>
internal static class UserFields
{
    private const int MaxLength = 255;
    private const int MaxPasswordLength = 128;

    public static ApiError? Check(CreateUser user)
    {
        if (user.Email is null)
        {
            return ApiError.Missing("email");
        }

        if (user.Username is null)
        {
            return ApiError.Missing("username");
        }

        return CheckPresent(user.Email, user.Username, user.FirstName, user.LastName)
            ?? (user.Password is null or { Length: > 0 and <= MaxPasswordLength }
                ? null
                : ApiError.Invalid("password", $"A password has 1 to {MaxPasswordLength} characters."));
    }

    public static ApiError? Check(UpdateUser user) =>
        user == new UpdateUser()
            ? new(StatusCodes.Status400BadRequest, ErrorCodes.MissingRequiredParameter, "Name at least one member to change.")
            : CheckPresent(user.Email, user.Username, user.FirstName, user.LastName);

    private static ApiError? CheckPresent(string? email, string? username, string? firstName, string? lastName)
    {
        if (email is not null && !IsEmail(email))
        {
            return ApiError.Invalid("email", "This is not an e-mail address.");
        }

        if (username is not null && (string.IsNullOrWhiteSpace(username) || !IsText(username)))
        {
            return ApiError.Invalid("username", $"A username has 1 to {MaxLength} characters, none of them control characters.");
        }

        return firstName is not null && !IsText(firstName) ? BadName("first_name")
            : lastName is not null && !IsText(lastName) ? BadName("last_name")
            : null;
    }

    private static ApiError BadName(string param) =>
        ApiError.Invalid(param, $"A name has at most {MaxLength} characters, none of them control characters.");

    private static bool IsEmail(string text) =>
        text.Length <= MaxLength && MailAddress.TryCreate(text, out var address) && address.Address == text;

    private static bool IsText(string text) => text.Length <= MaxLength && !text.Any(char.IsControl);
}
