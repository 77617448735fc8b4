using System.Buffers;
using System.Globalization;

namespace JanServer.ResponseApi.Runs;

/// <summary>Durations as Go's <c>time.ParseDuration</c> reads them (<c>45s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>250ms</c>); a bare number is seconds.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return TryScale(seconds, TimeSpan.FromSeconds(1), ref duration);
        }

        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            rest = rest[digits..];
            var length = rest.IndexOfAny(Digits);
            var unit = length < 0 ? rest : rest[..length];
            if (UnitOf(unit) is not { } scale || !TryScale(value, scale, ref duration))
            {
                return false;
            }

            rest = rest[unit.Length..];
        }

        return text.Length > 0;
    }

    private static TimeSpan? UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => TimeSpan.FromHours(1),
        "m" => TimeSpan.FromMinutes(1),
        "s" => TimeSpan.FromSeconds(1),
        "ms" => TimeSpan.FromMilliseconds(1),
        "us" or "µs" => TimeSpan.FromMicroseconds(1),
        _ => null,
    };

    private static bool TryScale(double value, TimeSpan unit, ref TimeSpan sum)
    {
        if (value * unit.TotalDays > 3650)
        {
            return false;
        }

        sum += unit * value;
        return true;
    }
}
