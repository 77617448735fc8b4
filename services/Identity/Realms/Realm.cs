using Microsoft.Extensions.Options;

namespace JanServer.Identity.Realms;

/// <summary>A realm: its own users, keys and issuer. There are two, jan for everybody and master for the administrator.</summary>
public sealed record Realm
{
    internal const string Jan = "jan";
    internal const string Master = "master";

    internal static readonly IReadOnlyList<string> Names = [Jan, Master];

    private Realm(string name, Uri baseUrl)
    {
        Name = name;
        Issuer = $"{baseUrl.AbsoluteUri.TrimEnd('/')}/realms/{name}";
    }

    internal string Name { get; }

    /// <summary>The iss of the realm's tokens; comes from configuration, never from a request.</summary>
    internal string Issuer { get; }

    /// <summary>The path that the realm's cookies are bound to.</summary>
    internal string CookiePath => new Uri(Issuer).AbsolutePath + "/";

    internal bool IsSecure => Issuer.StartsWith("https://", StringComparison.Ordinal);

    internal string Endpoint(string name) => $"{Issuer}/protocol/openid-connect/{name}";

    internal static Realm Of(string name, RealmOptions options) => new(name, options.BaseUrl);

    /// <summary>The realm of the route value <c>realm</c>.</summary>
    /// <exception cref="BadHttpRequestException">There is no such realm (404).</exception>
    public static ValueTask<Realm?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = context.GetRouteValue("realm") as string;
        return name is Jan or Master
            ? new(Of(name, context.RequestServices.GetRequiredService<IOptions<RealmOptions>>().Value))
            : throw new BadHttpRequestException("Realm does not exist", StatusCodes.Status404NotFound);
    }
}
