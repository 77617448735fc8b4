using System.Text.Json;

namespace JanServer.Inference.Filling;

/// <summary>Makes the number for a field within the schema's limits.</summary>
internal static class Numbers
{
    /// <summary>Returns null when the limits leave no number.</summary>
    public static double? Make(JsonElement schema, FieldName field, Evidence evidence, bool whole)
    {
        var step = SchemaKeywords.Number(schema, "multipleOf") is { } multiple && multiple > 0 ? multiple : 0;
        step = whole ? (step > 0 && step != Math.Floor(step) ? 0 : Math.Max(step, 1)) : step;
        var (min, max) = Limits(schema, step);
        var wanted = evidence.Number(field, whole) ?? SchemaKeywords.Number(schema, "default") ?? 0;
        var number = Math.Clamp(wanted, Math.Min(min, max), max);
        if (step > 0)
        {
            number = Math.Floor(number / step) * step;
            number = number < min ? number + step : number;
        }

        return number >= min && number <= max && Math.Abs(number) < 1e18 ? number : null;
    }

    /// <summary>An exclusive limit is left by one step, or by a millionth of the room where there are no steps.</summary>
    private static (double Min, double Max) Limits(JsonElement schema, double step)
    {
        var above = SchemaKeywords.Number(schema, "exclusiveMinimum") ?? double.NegativeInfinity;
        var below = SchemaKeywords.Number(schema, "exclusiveMaximum") ?? double.PositiveInfinity;
        var min = Math.Max(SchemaKeywords.Number(schema, "minimum") ?? double.MinValue, above);
        var max = Math.Min(SchemaKeywords.Number(schema, "maximum") ?? double.MaxValue, below);
        var room = max - min;
        return (min == above ? min + Gap(above, step, room) : min, max == below ? max - Gap(below, step, room) : max);
    }

    private static double Gap(double limit, double step, double room) =>
        step > 0 ? step : room < 1e300 ? room / 1e6 : Math.Max(1, Math.Abs(limit) / 1e6);
}
