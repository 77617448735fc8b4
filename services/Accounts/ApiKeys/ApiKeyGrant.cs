using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.ApiKeys;

/// <summary>
/// What a new key may be and do. A key never reaches further than the credential that makes it: not in scopes, not in models,
/// and, made by another key, not in time.
/// </summary>
internal sealed record ApiKeyGrant(string Name, string[] Scopes, string[]? Models, DateTimeOffset ExpiresAt)
{
    private const int MaxNameLength = 128;
    private const int MaxModels = 200;
    private const int MaxModelLength = 256;
    private const long FirstNanoseconds = 1_000_000_000_000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Decides on a request.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="makerExpiresAt">When the caller's own key ends, if it is one.</param>
    /// <param name="options">The limits.</param>
    /// <param name="now">The time.</param>
    public static (ApiKeyGrant? Grant, ApiError? Error) Decide(
        CreateApiKey request, Caller caller, DateTimeOffset? makerExpiresAt, ApiKeyOptions options, DateTimeOffset now)
    {
        var name = request.Name?.Trim();
        if (request.Name is null)
        {
            return (null, ApiError.Missing("name"));
        }

        if (name is null or "" || name.EnumerateRunes().Count() > MaxNameLength || name.Any(char.IsControl))
        {
            return (null, ApiError.Invalid("name", $"The name must have 1 to {MaxNameLength} characters, none of them control characters."));
        }

        var (scopes, scopeError) = DecideScopes(request.Scopes, caller);
        var (models, modelError) = DecideModels(request.Models, caller);
        var (expiresAt, expiryError) = DecideExpiry(request, options, now);
        if (scopeError is not null || modelError is not null || expiryError is not null)
        {
            return (null, scopeError ?? modelError ?? expiryError);
        }

        return (new(name, scopes, models, makerExpiresAt < expiresAt ? makerExpiresAt.Value : expiresAt), null);
    }

    private static (string[] Scopes, ApiError? Error) DecideScopes(IReadOnlyList<string>? asked, Caller caller)
    {
        if (asked is null)
        {
            return ([.. caller.Scopes.Where(scope => scope != ServiceDefaults.Auth.Scopes.Admin).Order(StringComparer.Ordinal)], null);
        }

        if (asked.Count == 0)
        {
            return ([], ApiError.Invalid("scopes", "A key without a scope can do nothing: name some, or leave 'scopes' out."));
        }

        for (var i = 0; i < asked.Count; i++)
        {
            if (!ServiceDefaults.Auth.Scopes.Known.Contains(asked[i], StringComparer.Ordinal))
            {
                return ([], ApiError.Invalid(
                    $"scopes[{i}]", $"There is no such scope. There are: {string.Join(", ", ServiceDefaults.Auth.Scopes.Known)}."));
            }

            if (!MayGive(caller, asked[i]))
            {
                return ([], new(
                    StatusCodes.Status403Forbidden,
                    ErrorCodes.PermissionDenied,
                    $"This credential lacks the scope '{asked[i]}', so it cannot make a key that has it.",
                    $"scopes[{i}]"));
            }
        }

        return ([.. asked.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], null);
    }

    // Scope 'all' is everything but administration, which takes the role as well.
    private static bool MayGive(Caller caller, string scope) =>
        scope == ServiceDefaults.Auth.Scopes.Admin ? caller.IsAdmin : caller.Has(scope);

    private static (string[]? Models, ApiError? Error) DecideModels(IReadOnlyList<string>? asked, Caller caller)
    {
        if (asked is null)
        {
            return (caller.Models is null ? null : [.. caller.Models], null);
        }

        if (asked.Count is 0 or > MaxModels)
        {
            return (null, ApiError.Invalid("models", $"Name 1 to {MaxModels} models, or leave 'models' out for all."));
        }

        for (var i = 0; i < asked.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(asked[i]) || asked[i].Length > MaxModelLength || asked[i].Any(char.IsControl))
            {
                return (null, ApiError.Invalid($"models[{i}]", $"A model id has 1 to {MaxModelLength} characters, none of them control characters."));
            }

            if (!caller.MayUse(asked[i]))
            {
                return (null, new(
                    StatusCodes.Status403Forbidden,
                    ErrorCodes.PermissionDenied,
                    "This credential may not use that model, so it cannot make a key that may.",
                    $"models[{i}]"));
            }
        }

        return ([.. asked.Distinct(StringComparer.Ordinal)], null);
    }

    private static (DateTimeOffset ExpiresAt, ApiError? Error) DecideExpiry(CreateApiKey request, ApiKeyOptions options, DateTimeOffset now)
    {
        var latest = now + options.MaxLifetime;
        switch (request)
        {
            case { ExpiresIn: not null, ExpiresAt: not null }:
                return (default, ApiError.Invalid("expires_at", "Give 'expires_in' or 'expires_at', not both."));
            case { ExpiresIn: < 0 }:
                return (default, ApiError.Invalid("expires_in", "The lifetime must be a number of seconds from 0 up; 0 stands for the default."));
            case { ExpiresAt: { } at } when at <= now:
                return (default, ApiError.Invalid("expires_at", "The end must lie in the future."));
            case { ExpiresAt: { } at }:
                return (at < latest ? at.ToUniversalTime() : latest, null);
            case { ExpiresIn: > 0 and var lifetime }:
                var seconds = lifetime >= FirstNanoseconds ? Math.Max(1, lifetime / NanosecondsPerSecond) : lifetime;
                return (seconds < options.MaxLifetime.TotalSeconds ? now.AddSeconds(seconds) : latest, null);
            default:
                return (now + options.DefaultLifetime, null);
        }
    }
}
