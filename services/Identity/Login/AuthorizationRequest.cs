using System.Text;
using JanServer.Identity.Clients;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Login;

/// <summary>A valid authorization request (OpenID Connect Core section 3.1.2.1).</summary>
internal sealed record AuthorizationRequest(Client Client, ReturnAddress Return, string Scope, TokenForm Parameters)
{
    private static readonly string[] Names =
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
        Prompts.Parameter, "login_hint", "max_age",
    ];

    /// <summary>Seconds that the last sign-in may be old.</summary>
    public int? MaxAge { get; init; }

    public string? Nonce => Parameters["nonce"];

    public string? CodeChallenge => Parameters["code_challenge"];

    public string? LoginHint => Parameters["login_hint"];

    public Prompts Prompts => Prompts.Of(Parameters);

    /// <summary>The parameters that a page of the login hands on.</summary>
    public IEnumerable<(string Name, string Value)> Fields =>
        Names.Where(name => Parameters[name] is not null).Select(name => (name, Parameters[name]!));

    /// <summary>What a form token of this request is bound to.</summary>
    public string Purpose(string action) => Fields
        .Aggregate(new StringBuilder(action), (text, field) => text.Append('\n').Append(field.Name).Append('=').Append(field.Value))
        .ToString();

    /// <summary>The same request again, with another prompt or none.</summary>
    public string AddressWith(string endpoint, string? prompt) => endpoint + QueryString.Create(
        Fields.Where(field => field.Name != Prompts.Parameter)
            .Concat(prompt is null ? [] : [(Name: Prompts.Parameter, Value: prompt)])
            .Select(field => KeyValuePair.Create(field.Name, (string?)field.Value)));
}
