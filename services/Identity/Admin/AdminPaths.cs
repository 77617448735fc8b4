using JanServer.Identity.Realms;

namespace JanServer.Identity.Admin;

/// <summary>The addresses that the admin API hands out; like the issuer, they come from configuration.</summary>
internal static class AdminPaths
{
    public const string Root = "/admin/realms/jan";

    public static string Of(RealmOptions options, string rest) => $"{options.BaseUrl.AbsoluteUri.TrimEnd('/')}{Root}/{rest}";
}
