using System.Text.RegularExpressions;

namespace JanServer.Identity.Users;

/// <summary>A <see cref="UserQuery"/> as the database is asked: texts are ILIKE patterns.</summary>
internal sealed partial record UserFilter(
    string? Search,
    string? Username,
    string? Email,
    string? FirstName,
    string? LastName,
    bool? Enabled,
    bool? EmailVerified,
    Dictionary<string, List<string>> Attributes,
    int Offset,
    int Take)
{
    private const int DefaultTake = 100;
    private const int MaxTake = 1000;

    public static UserFilter From(UserQuery query)
    {
        var exact = query.Exact == true;
        return new(
            SearchPattern(query.Search),
            Pattern(query.Username, exact),
            Pattern(query.Email, exact),
            Pattern(query.FirstName, exact),
            Pattern(query.LastName, exact),
            query.Enabled,
            query.EmailVerified,
            AttributesOf(query.Q),
            Math.Max(query.First ?? 0, 0),
            query.Max is int max and >= 0 ? Math.Min(max, MaxTake) : DefaultTake);
    }

    private static string? SearchPattern(string? search) => search?.Trim() switch
    {
        null or "" => null,
        ['"', .. var whole, '"'] => LikePattern.Equal(whole),
        var part when part.Contains('*', StringComparison.Ordinal) => LikePattern.Equal(part).Replace('*', '%'),
        var part => LikePattern.Containing(part),
    };

    private static string? Pattern(string? value, bool exact) => value is null or "" ? null : exact ? LikePattern.Equal(value) : LikePattern.Containing(value);

    private static Dictionary<string, List<string>> AttributesOf(string? q) =>
        AttributePair().Matches(q ?? "")
            .GroupBy(pair => pair.Groups["key"].Value.Trim('"'), pair => pair.Groups["value"].Value.Trim('"'))
            .ToDictionary(pairs => pairs.Key, pairs => pairs.ToList());

    [GeneratedRegex("(?<key>\"[^\"]+\"|[^\\s:\"]+):(?<value>\"[^\"]*\"|\\S+)")]
    private static partial Regex AttributePair();
}
