using System.Globalization;

namespace JanServer.ResponseApi.Background;

/// <summary>Durations as the reference's settings write them: Go's form, such as <c>600s</c>, <c>10m</c> or <c>1h30m</c>.</summary>
internal static class GoDuration
{
    /// <summary>Reads a duration that is not negative; false for anything else.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return false;
        }

        var total = 0d;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = letters < 0 ? rest : rest[..letters];
            if (UnitOf(unit) is not { } seconds)
            {
                return false;
            }

            total += number * seconds;
            rest = rest[unit.Length..];
        }

        if (total > TimeSpan.FromDays(365).TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    private static double? UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" => 1e-6,
        "ns" => 1e-9,
        _ => null,
    };
}
