using JanServer.Identity.Errors;

namespace JanServer.Identity.Tokens;

/// <summary>The form of a protocol request. A parameter may be sent once only (RFC 6749 section 3.2); an empty one counts as absent.</summary>
internal sealed class TokenForm
{
    private readonly IReadOnlyDictionary<string, string> _values;

    private TokenForm(IReadOnlyDictionary<string, string> values) => _values = values;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static async Task<(TokenForm? Form, OAuthError? Error)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType)
        {
            return (null, OAuthError.InvalidRequest("The body must be application/x-www-form-urlencoded"));
        }

        try
        {
            return Of(await request.ReadFormAsync(ct));
        }
        catch (InvalidDataException)
        {
            return (null, OAuthError.InvalidRequest("The form cannot be read"));
        }
    }

    public static (TokenForm? Form, OAuthError? Error) Of(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> form)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in form)
        {
            if (value.Count > 1)
            {
                return (null, OAuthError.InvalidRequest($"duplicated parameter: {name}"));
            }

            if (value.ToString() is { Length: > 0 } text)
            {
                values[name] = text;
            }
        }

        return (new TokenForm(values), null);
    }
}
