using JanServer.ServiceDefaults.Errors;

namespace JanServer.Gateway.Routing;

/// <summary>
/// Brings the path into the one form that routing, authentication and limits look at: repeated slashes become one, a trailing
/// slash goes, and so does the alias <c>/llm</c>. What could still mean another path to someone behind us is refused.
/// </summary>
internal static class PathNormalization
{
    private const string Alias = "/llm";

    // The documentation page links relative to its own trailing slash.
    private const string Documentation = "/api/swagger";

    public static IApplicationBuilder UsePathNormalization(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var path = context.Request.Path.Value ?? "/";
        if (IsAmbiguous(path))
        {
            return ErrorEnvelope.WriteAsync(context, new ApiError(
                StatusCodes.Status400BadRequest,
                ErrorCodes.InvalidValue,
                "The path must not hold '..' segments, backslashes or encoded slashes."));
        }

        var normal = Normalize(path);
        if (!ReferenceEquals(normal, path))
        {
            context.Request.Path = new PathString(normal);
        }

        return next(context);
    });

    /// <summary>The normal form; the same instance when the path is in it already.</summary>
    public static string Normalize(string path)
    {
        if (path.Contains("//", StringComparison.Ordinal))
        {
            path = Collapse(path);
        }

        if (path.StartsWith(Alias, StringComparison.OrdinalIgnoreCase) && path.Length > Alias.Length && path[Alias.Length] == '/')
        {
            path = path[Alias.Length..];
        }

        return path.Length > 1 && path[^1] == '/' && !path.StartsWith(Documentation, StringComparison.OrdinalIgnoreCase)
            ? path[..^1]
            : path;
    }

    /// <summary>
    /// Whether a service might read the path differently than we do. Kestrel has resolved plain and percent-encoded dot segments
    /// and leaves an encoded slash as it came.
    /// </summary>
    public static bool IsAmbiguous(string path) =>
        path.Contains('\\', StringComparison.Ordinal)
        || path.Contains('\0', StringComparison.Ordinal)
        || path.Contains("%2f", StringComparison.OrdinalIgnoreCase)
        || path.Contains("%5c", StringComparison.OrdinalIgnoreCase)
        || path.Contains("/../", StringComparison.Ordinal)
        || path.EndsWith("/..", StringComparison.Ordinal);

    private static string Collapse(string path)
    {
        var text = new char[path.Length];
        var length = 0;
        foreach (var c in path)
        {
            if (c != '/' || length == 0 || text[length - 1] != '/')
            {
                text[length++] = c;
            }
        }

        return new string(text, 0, length);
    }
}
