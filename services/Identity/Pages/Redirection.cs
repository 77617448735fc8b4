namespace JanServer.Identity.Pages;

/// <summary>Sends a browser elsewhere: 303 after a form (RFC 9700 section 4.12: no password may travel on), 302 otherwise.</summary>
internal sealed class Redirection(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = HttpMethods.IsPost(httpContext.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
        response.Headers.Location = address;
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }

    /// <summary><paramref name="address"/> with the parameters that have a value, in its query or in a fragment.</summary>
    public static Redirection To(string address, bool fragment, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var given = new List<KeyValuePair<string, string?>>(parameters.Length);
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                given.Add(new(name, value));
            }
        }

        if (given.Count == 0)
        {
            return new(address);
        }

        var separator = fragment ? '#' : address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return new($"{address}{separator}{QueryString.Create(given).Value![1..]}");
    }
}
