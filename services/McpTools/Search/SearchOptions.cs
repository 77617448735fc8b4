using System.ComponentModel.DataAnnotations;
using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search;

/// <summary>How searches are answered. Bound from <c>Search</c>; who is asked is in <see cref="ProviderOptions"/>.</summary>
public sealed class SearchOptions : IValidatableObject
{
    /// <summary>Who is asked after whom, and nobody else; serper, tavily, exa, searxng unless told.</summary>
    public IList<string> Order { get; init; } = [];

    /// <summary>The provider that is asked first, wherever it stands in <see cref="Order"/>.</summary>
    public string? Engine { get; set; }

    /// <summary>Nobody is asked; only what is kept is answered.</summary>
    public bool OfflineMode { get; set; }

    /// <summary>Domains that every search is limited to, together with those that the call names.</summary>
    public IList<string> DomainAllowList { get; init; } = [];

    /// <summary>Domains that no result may come from, beside those that the call names.</summary>
    public IList<string> DomainBlockList { get; init; } = [];

    /// <summary>Where searches are made from, when the call does not say.</summary>
    public string? LocationHint { get; set; }

    /// <summary>The longest snippet in characters: 50 to 50000.</summary>
    [Range(50, 50_000)]
    public int MaxSnippetChars { get; set; } = 5000;

    /// <summary>Seconds for a call with all providers and attempts: 1 to 55, since the gateway waits for a minute.</summary>
    [Range(1, 55)]
    public int BudgetSeconds { get; set; } = 25;

    /// <summary>Seconds that an answer serves the same question again: 0 to 604800.</summary>
    [Range(0, 604_800)]
    public int CacheSeconds { get; set; } = 900;

    /// <summary>Seconds that an answer is kept for when no provider answers, and for offline mode: 0 (nothing is kept) to 2592000.</summary>
    [Range(0, 2_592_000)]
    public int StaleSeconds { get; set; } = 86_400;

    internal TimeSpan Budget => TimeSpan.FromSeconds(BudgetSeconds);

    internal TimeSpan Fresh => TimeSpan.FromSeconds(CacheSeconds);

    internal TimeSpan Kept => TimeSpan.FromSeconds(Math.Max(CacheSeconds, StaleSeconds));

    /// <summary>Names in the order in which they are asked.</summary>
    internal IEnumerable<string> Sequence
    {
        get
        {
            var order = Order.Count > 0 ? Order : ProviderNames.Remote;
            return (Engine is { Length: > 0 } first ? order.Prepend(first) : order)
                .Select(name => name.Trim().ToLowerInvariant())
                .Distinct(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from name in Sequence
        where !ProviderNames.Remote.Contains(name, StringComparer.Ordinal)
        select new ValidationResult($"'{name}' is no search provider; there are {string.Join(", ", ProviderNames.Remote)}.", [nameof(Order)]);
}

[OptionsValidator]
internal sealed partial class SearchOptionsValidator : IValidateOptions<SearchOptions>;
