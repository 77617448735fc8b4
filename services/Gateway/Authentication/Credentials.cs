using JanServer.ServiceDefaults.Errors;

namespace JanServer.Gateway.Authentication;

/// <summary>The credentials that a request brings: a bearer (access token or API key), an API key in a header of its own, or both.</summary>
internal readonly record struct Credentials(string? Bearer, string? ApiKey)
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>Reads the credential headers; the error says which header is malformed.</summary>
    public static (Credentials Found, ApiError? Error) Read(IHeaderDictionary headers)
    {
        string? bearer = null;
        if (headers.Authorization is { Count: > 0 } authorization)
        {
            var text = authorization.Count == 1 ? authorization[0]! : "";
            if (!text.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) || text.Length == BearerPrefix.Length)
            {
                return (default, ApiError.Unauthorized("The Authorization header must be one 'Bearer …'."));
            }

            bearer = text[BearerPrefix.Length..].Trim();
        }

        string? apiKey = null;
        foreach (var name in CredentialHeaders.ApiKey)
        {
            if (headers.TryGetValue(name, out var values))
            {
                if (values.Count != 1 || string.IsNullOrWhiteSpace(values[0]) || (apiKey is not null && apiKey != values[0]))
                {
                    return (default, ApiError.Unauthorized($"Send one API key in {name}."));
                }

                apiKey = values[0];
            }
        }

        return (new(bearer, apiKey), null);
    }
}
