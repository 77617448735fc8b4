using System.Buffers;
using JanServer.Contracts.Ids;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Requests;

/// <summary>Marks the id of a request: <c>req_…</c>.</summary>
internal abstract class RequestRef : IIdentified
{
    public static string IdPrefix => "req";
}

/// <summary>
/// Gives every request an id that its response, its logs, its spans and the services behind it share. An inbound
/// <c>X-Request-Id</c> is kept when it is 1 to 128 characters of <c>A-Z a-z 0-9 . _ -</c>, else replaced.
/// </summary>
public static class RequestIds
{
    /// <summary>The header, in both directions.</summary>
    public const string HeaderName = "X-Request-Id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    internal static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        var clock = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use(next => context =>
        {
            var inbound = context.Request.Headers[HeaderName].ToString();
            var id = IsWellFormed(inbound) ? inbound : Id<RequestRef>.New(clock).ToString();
            context.TraceIdentifier = id;
            context.Request.Headers[HeaderName] = id;
            context.Response.Headers[HeaderName] = id;
            return next(context);
        });
    }

    private static bool IsWellFormed(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
}
