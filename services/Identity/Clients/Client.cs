namespace JanServer.Identity.Clients;

/// <summary>A registered client.</summary>
internal sealed record Client(string Id, ClientOptions Settings)
{
    public bool IsPublic => Settings.Public;

    public bool AllowsRedirectTo(string uri) => RedirectUris.Matches(Settings.RedirectUris, uri);

    public bool AllowsReturnAfterLogoutTo(string uri) =>
        RedirectUris.Matches(Settings.PostLogoutRedirectUris.Count > 0 ? Settings.PostLogoutRedirectUris : Settings.RedirectUris, uri);
}
