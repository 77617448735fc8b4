namespace JanServer.Identity.Tokens;

/// <summary>The scopes that clients may ask for.</summary>
internal static class Scope
{
    public const string OpenId = "openid";

    private static readonly string[] Always = ["profile", "email"];

    // Keycloak's built-in optional and default scopes: taken, and granted only where they mean something here.
    private static readonly string[] Ignored = ["offline_access", "roles", "web-origins", "acr", "basic", "address", "phone", "microprofile-jwt"];

    public static IReadOnlyList<string> Supported => [OpenId, .. Always];

    /// <summary>What is granted for what is asked; null when an unknown scope is asked for.</summary>
    public static string? Grant(string? requested)
    {
        var asked = (requested ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (asked.Any(scope => !Supported.Contains(scope) && !Ignored.Contains(scope)))
        {
            return null;
        }

        return string.Join(' ', asked.Contains(OpenId) ? [OpenId, .. Always] : Always);
    }

    public static bool IncludesOpenId(string scope) => scope.Split(' ').Contains(OpenId);
}
