using System.Text.Json;
using System.Text.RegularExpressions;
using JanServer.McpTools.Search.Providers;

namespace JanServer.McpTools.Search;

/// <summary>
/// Reads the arguments of <c>google_search</c>. Unknown ones are left alone: callers of the reference system send <c>tool_call_id</c>,
/// <c>request_id</c>, <c>conversation_id</c> and <c>user_id</c> along.
/// </summary>
internal static partial class SearchArguments
{
    private const int MaxChars = 2000;
    private const int MaxDomains = 50;
    private const int Most = 100;

    /// <summary>The query, or what is wrong in a sentence for the model.</summary>
    public static (SearchQuery? Query, string? Error) Read(JsonElement arguments, SearchOptions options)
    {
        var text = arguments.Text("q")?.Trim();
        if (text is null || text.Length > MaxChars)
        {
            return (null, text is null ? "'q' must say what to search for." : $"'q' must not be longer than {MaxChars} characters.");
        }

        var (lists, wrong) = Lists(arguments, options);
        wrong ??= Check(arguments);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var hint = arguments.Text("location_hint") ?? options.LocationHint;
        return (new(text)
        {
            Allow = lists.Allow,
            Block = lists.Block,
            Country = arguments.Text("gl")?.ToLowerInvariant(),
            Language = arguments.Text("hl")?.ToLowerInvariant(),
            Location = arguments.Text("location") ?? hint,
            LocationHint = hint,
            Count = Number(arguments, "num"),
            Page = Number(arguments, "page"),
            Tbs = arguments.Text("tbs"),
            Autocorrect = Flag(arguments, "autocorrect") ?? true,
            Offline = Flag(arguments, "offline_mode") ?? options.OfflineMode,
            IncludeRaw = Flag(arguments, "include_raw") ?? false,
        }, null);
    }

    private static ((IReadOnlyList<string> Allow, IReadOnlyList<string> Block) Lists, string? Error) Lists(
        JsonElement arguments, SearchOptions options)
    {
        var (allow, allowError) = Domains(arguments, "domain_allow_list");
        var (block, blockError) = Domains(arguments, "domain_block_list");
        return (
            (DomainList.Clean(options.DomainAllowList.Concat(allow)), DomainList.Clean(options.DomainBlockList.Concat(block))),
            allowError ?? blockError);
    }

    // A list that says nothing once cleaned must not turn into no limit at all.
    private static (IReadOnlyList<string> Domains, string? Error) Domains(JsonElement arguments, string name)
    {
        var given = arguments.Items(name).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "").ToList();
        var clean = DomainList.Clean(given);
        return given.Count > MaxDomains ? ([], $"'{name}' must not have more than {MaxDomains} domains.")
            : given.Count > 0 && clean.Count == 0 ? ([], $"'{name}' has no domain such as example.com in it.")
            : (clean, null);
    }

    private static string? Check(JsonElement arguments) =>
        arguments.Text("tbs") is { } tbs && !TimeRange().IsMatch(tbs) ? "'tbs' must be qdr: and one of h, d, w, m, y, such as qdr:w."
        : arguments.Text("gl") is { } gl && !CountryCode().IsMatch(gl) ? "'gl' must be the two letters of a country, such as us."
        : arguments.Text("hl") is { } hl && !LanguageCode().IsMatch(hl) ? "'hl' must be a language such as en or pt-br."
        : IsOutOfRange(arguments, "num") ? $"'num' must be 1 to {Most}."
        : IsOutOfRange(arguments, "page") ? $"'page' must be 1 to {Most}."
        : null;

    private static bool IsOutOfRange(JsonElement arguments, string name) =>
        arguments.Field(name) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) }
        && Number(arguments, name) is not (>= 1 and <= Most);

    private static int? Number(JsonElement arguments, string name) =>
        arguments.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && number == Math.Truncate(number)
            && Math.Abs(number) < int.MaxValue ? (int)number : null;

    private static bool? Flag(JsonElement arguments, string name) => arguments.Field(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    [GeneratedRegex("^qdr:[hdwmy]$")]
    private static partial Regex TimeRange();

    [GeneratedRegex("^[A-Za-z]{2}$")]
    private static partial Regex CountryCode();

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
    private static partial Regex LanguageCode();
}
