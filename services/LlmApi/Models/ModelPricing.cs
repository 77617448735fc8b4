using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Models;

/// <summary>What one provider takes for one unit of a model, in millionths of a dollar.</summary>
/// <param name="Unit">One of <see cref="PriceUnits"/>.</param>
/// <param name="AmountMicroUsd">The price of one unit.</param>
/// <param name="Currency">Always <c>USD</c>; present because clients of the reference read it.</param>
public sealed record PriceLine(string Unit, long AmountMicroUsd, string Currency = PriceLine.Dollar)
{
    /// <summary>The one currency there is.</summary>
    public const string Dollar = "USD";
}

/// <summary>What prices are given for.</summary>
internal static class PriceUnits
{
    public const string Request = "per_request";
    public const string Image = "per_image";
    public const string WebSearch = "per_web_search";

    private const string Thousand = "per_1k_";
    private const string Million = "per_1m_";

    /// <summary>Every unit that a price may have.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "per_1k_prompt_tokens", "per_1k_completion_tokens", "per_1k_cached_tokens", "per_1k_reasoning_tokens",
        "per_1m_prompt_tokens", "per_1m_completion_tokens", "per_1m_cached_tokens", "per_1m_reasoning_tokens",
        Request, Image, WebSearch,
    ];

    /// <summary>The kind of tokens that a unit counts and how many of them; null when it does not count tokens.</summary>
    public static (string Tokens, int Count)? TokensOf(string unit) =>
        unit.StartsWith(Thousand, StringComparison.Ordinal) ? (unit[Thousand.Length..], 1000)
        : unit.StartsWith(Million, StringComparison.Ordinal) ? (unit[Million.Length..], 1_000_000)
        : null;
}

/// <summary>The prices of a model at one provider.</summary>
internal sealed class ModelPricing
{
    // Prices per token are kept in millionths of a micro-dollar, so that a price per million tokens stays a whole number.
    private const long PerMicro = 1_000_000;

    private readonly long? _prompt;
    private readonly long? _completion;
    private readonly long? _cached;
    private readonly long? _reasoning;
    private readonly long? _request;
    private readonly long? _image;

    /// <param name="lines">Of several lines of one unit the first counts.</param>
    public ModelPricing(IReadOnlyList<PriceLine> lines)
    {
        Lines = lines;
        _prompt = PerToken("prompt_tokens");
        _completion = PerToken("completion_tokens");
        _cached = PerToken("cached_tokens");
        _reasoning = PerToken("reasoning_tokens");
        _request = Amount(PriceUnits.Request);
        _image = Amount(PriceUnits.Image);
    }

    public IReadOnlyList<PriceLine> Lines { get; }

    /// <summary>
    /// What a request cost, rounded to the nearest millionth of a dollar; null when no line prices tokens or requests. Cached tokens cost
    /// what prompt tokens do, and reasoning tokens what completion tokens do, unless a line of their own says otherwise.
    /// </summary>
    public long? CostMicroUsd(TokenCounts counts)
    {
        if ((_prompt ?? _completion ?? _request) is null)
        {
            return null;
        }

        var cached = Math.Min(counts.Cached, counts.Prompt);
        var reasoning = Math.Min(counts.Reasoning, counts.Completion);
        var cost = ((Int128)(counts.Prompt - cached) * (_prompt ?? 0))
            + ((Int128)cached * (_cached ?? _prompt ?? 0))
            + ((Int128)(counts.Completion - reasoning) * (_completion ?? 0))
            + ((Int128)reasoning * (_reasoning ?? _completion ?? 0))
            + ((Int128)(_request ?? 0) * PerMicro);
        return (long)Int128.Min((cost + (PerMicro / 2)) / PerMicro, long.MaxValue);
    }

    /// <summary>What generating images cost; null when no line prices images or requests.</summary>
    public long? CostOfImagesMicroUsd(int count) =>
        (_image ?? _request) is null ? null : checked(((_image ?? 0) * count) + (_request ?? 0));

    private long? Amount(string unit) => Lines.FirstOrDefault(line => line.Unit == unit)?.AmountMicroUsd;

    private long? PerToken(string tokens)
    {
        foreach (var line in Lines)
        {
            if (PriceUnits.TokensOf(line.Unit) is var (kind, count) && kind == tokens)
            {
                return checked(line.AmountMicroUsd * (PerMicro / count));
            }
        }

        return null;
    }
}
