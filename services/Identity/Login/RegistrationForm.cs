using JanServer.Identity.Errors;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;

namespace JanServer.Identity.Login;

/// <summary>What somebody who registers typed.</summary>
internal sealed record RegistrationForm(
    string? Username, string? Email, string? FirstName, string? LastName, string? Password, string? PasswordAgain)
{
    public static readonly RegistrationForm Empty = new(null, null, null, null, null, null);

    public static RegistrationForm Of(TokenForm form) =>
        new(form["username"], form["email"], form["firstName"], form["lastName"], form["password"], form["password-confirm"]);

    public UserRepresentation ToUser() => new()
    {
        Username = Username,
        Email = Email,
        FirstName = FirstName,
        LastName = LastName,
        Enabled = true,
        Credentials = [new CredentialRepresentation("password", Password)],
    };

    /// <summary>A refusal in the words of the form; a name or address that is taken is not told apart.</summary>
    public static string Explain(AdminError error) => error switch
    {
        { Status: StatusCodes.Status409Conflict } => "This username or e-mail address cannot be used. Please choose another one.",
        { Body.Field: "value" } => "This password is too short.",
        { Body.Field: "email" } => "Please enter a valid e-mail address.",
        _ => "Please choose another username: letters, digits and . - _ @ + work everywhere.",
    };
}
