namespace Aspire.Hosting.ApplicationModel;

public class ReferenceExpressionBuilder
{
    private readonly List<ReferenceExpression.Part> _parts = [];

    public bool IsEmpty => _parts.Count == 0;

    public void AppendLiteral(string value) => _parts.Add(new(value, null, null));

    public void AppendFormatted(string? value)
    {
        if (value is not null)
        {
            AppendLiteral(value);
        }
    }

    public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
        Append(_parts, valueProvider, null);

    public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider =>
        Append(_parts, valueProvider, format);

    public ReferenceExpression Build() => new([.. _parts]);

    internal static void Append(List<ReferenceExpression.Part> parts, IValueProvider value, string? format)
    {
        if (format is not (null or "uri"))
        {
            throw new FormatException($"'{format}' is not a format of a reference expression; the only one is 'uri'.");
        }

        // Nested expressions are flattened so that a format reaches every part of them.
        if (value is ReferenceExpression nested)
        {
            parts.AddRange(nested.Parts.Select(p => format is null ? p : p.WithFormat(format)));
            return;
        }

        parts.Add(new(null, value, format));
    }
}
