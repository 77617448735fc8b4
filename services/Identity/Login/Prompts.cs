using JanServer.Identity.Tokens;

namespace JanServer.Identity.Login;

/// <summary>The parameter prompt: whether the user must or must not be asked. Consent lies in the client's registration.</summary>
internal readonly record struct Prompts(IReadOnlyList<string> Values)
{
    public const string Parameter = "prompt";
    public const string Create = "create";

    private static readonly string[] Known = ["none", "login", "consent", "select_account", Create];

    public bool AreValid => Values.All(value => Known.Contains(value)) && (Values.Count <= 1 || !Values.Contains("none"));

    public bool ForbidAsking => Values.Contains("none");

    public bool DemandAsking => Values.Contains("login") || Values.Contains("select_account") || DemandRegistration;

    public bool DemandRegistration => Values.Contains(Create);

    public static Prompts Of(TokenForm parameters) => new((parameters[Parameter] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
