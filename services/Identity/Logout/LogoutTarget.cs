using JanServer.Identity.Clients;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Logout;

/// <summary>Where the browser goes after a logout: to an address that the client registered for it, or nowhere.</summary>
internal sealed record LogoutTarget(string? ClientId, string? RedirectUri, string? State)
{
    public IEnumerable<(string Name, string Value)> Fields =>
        new[] { ("client_id", ClientId), ("post_logout_redirect_uri", RedirectUri), ("state", State) }
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.Item1, pair.Item2!));

    /// <summary>Null when the address is not the client's.</summary>
    public static LogoutTarget? Of(TokenForm form, Client? client)
    {
        var redirectUri = form["post_logout_redirect_uri"];
        return redirectUri is null || client?.AllowsReturnAfterLogoutTo(redirectUri) == true
            ? new(client?.Id, redirectUri, form["state"])
            : null;
    }

    /// <summary>What the confirmation's form token is bound to.</summary>
    public string Purpose(Guid session) => $"logout\n{session}\n{ClientId}\n{RedirectUri}\n{State}";
}
