namespace JanServer.Gateway.Authentication;

/// <summary>
/// Removes what a client may not say about itself before anything reads it. Headers with an underscore go too: some servers
/// take <c>X_User_Id</c> for <c>X-User-Id</c>.
/// </summary>
internal static class InboundHeaders
{
    public static IApplicationBuilder UseInboundHeaders(this IApplicationBuilder app) => app.Use(next => context =>
    {
        Clean(context.Request.Headers);
        return next(context);
    });

    public static void Clean(IHeaderDictionary headers)
    {
        List<string>? refused = null;
        foreach (var (name, _) in headers)
        {
            if (CredentialHeaders.IsClaimed(name) || name.Contains('_', StringComparison.Ordinal))
            {
                (refused ??= []).Add(name);
            }
        }

        if (refused is not null)
        {
            foreach (var name in refused)
            {
                headers.Remove(name);
            }
        }
    }
}
