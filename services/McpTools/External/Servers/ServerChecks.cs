using System.Text.RegularExpressions;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.McpTools.External.Servers;

/// <summary>What the fields of a server may hold. Each check gives the error, or null.</summary>
internal static partial class ServerChecks
{
    public const int MaxDescription = 500;
    public const int MaxUrl = 2048;
    public const int MaxNames = 500;
    public const int MaxName = 200;
    public const int MaxPairs = 20;
    public const int MaxValue = 8192;
    public const int MaxArguments = 100;

    // What the transport sets by itself, and what would make another request of it.
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Accept", "Accept-Encoding", "Range",
        "Last-Event-ID", "Proxy-Authorization", "Proxy-Connection",
    };

    public static ApiError? Label(string? label) =>
        label is null ? ApiError.Missing("label")
        : LabelShape().IsMatch(label) ? null
        : ApiError.Invalid("label", "A label has 1 to 32 characters of a-z, 0-9 and '-'.");

    public static ApiError? Description(string? text) => Text("description", text, MaxDescription);

    /// <summary>Only the form; where it leads is another matter.</summary>
    public static ApiError? Url(string? url) =>
        string.IsNullOrEmpty(url) ? ApiError.Missing("url")
        : url.Length > MaxUrl ? ApiError.Invalid("url", $"The URL has at most {MaxUrl} characters.")
        : Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            && parsed is { UserInfo: "", Fragment: "", Host.Length: > 0 }
            && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps)
            ? null
        : ApiError.Invalid("url", "The URL must begin with http:// or https:// and carry no user, password or fragment.");

    public static ApiError? Command(string? command) =>
        string.IsNullOrWhiteSpace(command) ? ApiError.Missing("command") : Text("command", command, MaxUrl);

    public static ApiError? Arguments(IReadOnlyList<string>? arguments) => List("args", arguments, MaxArguments, MaxValue, mayBeEmpty: true);

    public static ApiError? Tools(string param, IReadOnlyList<string>? names) => List(param, names, MaxNames, MaxName, mayBeEmpty: false);

    public static ApiError? Tool(string name) => name.Length is 0 or > MaxName || HasZero(name)
        ? ApiError.Invalid("tool", $"The name of a tool has 1 to {MaxName} characters.")
        : null;

    public static ApiError? Headers(IReadOnlyDictionary<string, string>? headers) =>
        headers is null ? null
        : headers.Count > MaxPairs ? ApiError.Invalid("headers", $"There are at most {MaxPairs} headers.")
        : headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() != headers.Count ? ApiError.Invalid("headers", "A header is named twice.")
        : headers.Select(header => Header(header.Key, header.Value)).FirstOrDefault(error => error is not null);

    public static ApiError? Environment(IReadOnlyDictionary<string, string>? variables) =>
        variables is null ? null
        : variables.Count > MaxPairs ? ApiError.Invalid("env", $"There are at most {MaxPairs} variables.")
        : variables.Any(one => !VariableShape().IsMatch(one.Key)) ? ApiError.Invalid("env", "The name of a variable is letters, digits and '_'.")
        : variables.Any(one => one.Value is null || one.Value.Length > MaxValue || HasZero(one.Value))
            ? ApiError.Invalid("env", $"The value of a variable has at most {MaxValue} characters.")
        : null;

    public static ApiError? OAuth(OAuthInput? oauth) =>
        oauth is null ? null
        : Text("oauth.client_id", oauth.ClientId, MaxUrl)
            ?? Text("oauth.client_secret", oauth.ClientSecret, MaxUrl)
            ?? (oauth is { ClientSecret: not null, ClientId: null } ? ApiError.Missing("oauth.client_id") : null)
            ?? List("oauth.scopes", oauth.Scopes, 50, MaxName, mayBeEmpty: false)
            ?? (oauth.Scopes?.Any(scope => !ScopeShape().IsMatch(scope)) == true
                ? ApiError.Invalid("oauth.scopes", "A scope has no space, quote or backslash.")
                : null);

    public static ApiError? OneOf(string param, string? value, params ReadOnlySpan<string> values) =>
        value is null || values.Contains(value) ? null : ApiError.Invalid(param, $"This is one of: {string.Join(", ", values!)}.");

    public static ApiError? Timeout(int? seconds) =>
        seconds is null or (>= 1 and <= 600) ? null : ApiError.Invalid("timeout_seconds", "This is 1 to 600.");

    private static ApiError? Header(string name, string? value)
    {
        var param = $"headers.{name}";
        return !HeaderShape().IsMatch(name) ? ApiError.Invalid("headers", "The name of a header is letters, digits and '-', at most 100.")
            : ReservedHeaders.Contains(name) || name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? ApiError.Invalid(param, "This header is set by the transport.")
            : value is null || value.Length > MaxValue || !value.All(c => c is '\t' or (>= ' ' and < '\u007f'))
                ? ApiError.Invalid(param, $"The value of a header is ASCII of at most {MaxValue} characters without line breaks.")
            : null;
    }

    private static ApiError? List(string param, IReadOnlyList<string>? list, int max, int maxLength, bool mayBeEmpty) =>
        list is null ? null
        : list.Count > max ? ApiError.Invalid(param, $"There are at most {max}.")
        : list.Any(one => one is null || one.Length > maxLength || (one.Length == 0 && !mayBeEmpty) || HasZero(one))
            ? ApiError.Invalid(param, $"Each is a string of at most {maxLength} characters.")
        : null;

    private static ApiError? Text(string param, string? text, int max) =>
        text is null ? null
        : text.Length > max ? ApiError.Invalid(param, $"This has at most {max} characters.")
        : HasZero(text) ? ApiError.Invalid(param, "This must not hold the character U+0000.")
        : null;

    private static bool HasZero(string text) => text.Contains('\0', StringComparison.Ordinal);

    [GeneratedRegex("^[a-z0-9-]{1,32}$(?!\n)")]
    private static partial Regex LabelShape();

    [GeneratedRegex("^[A-Za-z0-9-]{1,100}$(?!\n)")]
    private static partial Regex HeaderShape();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,99}$(?!\n)")]
    private static partial Regex VariableShape();

    [GeneratedRegex("^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$(?!\n)")]
    private static partial Regex ScopeShape();
}
