using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes that are filled from resources when it runs, and become placeholders when it is published.</summary>
public sealed class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    internal ReferenceExpression(IReadOnlyList<Part> parts) => Parts = parts;

    public string ValueExpression => string.Concat(Parts.Select(p => p.Expression));

    IEnumerable<object> IValueWithReferences.References => Parts.Where(p => p.Value is not null).Select(p => (object)p.Value!);

    /// <summary>The holes that are written URI-encoded, which the manifest expresses as resources of their own.</summary>
    internal IEnumerable<IManifestExpressionProvider> UriEncoded =>
        Parts.Where(p => p.IsUri).Select(p => (IManifestExpressionProvider)p.Value!);

    internal IReadOnlyList<Part> Parts { get; }

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    /// <summary>Null when a part has no value here, for instance the address of a container that does not run.</summary>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            var value = part.Value is null ? part.Literal : await part.Value.GetValueAsync(cancellationToken);
            if (value is null)
            {
                return null;
            }

            text.Append(part.IsUri ? Uri.EscapeDataString(value) : value);
        }

        return text.ToString();
    }

    /// <summary>Either literal text or a value with its optional format.</summary>
    internal sealed record Part(string? Literal, IValueProvider? Value, string? Format)
    {
        public bool IsUri => Format == "uri" && Value is not null;

        public Part WithFormat(string format) =>
            Value is null ? this with { Literal = Uri.EscapeDataString(Literal!) } : this with { Format = format };

        // A literal brace is doubled because a single one starts a placeholder.
        public string Expression => (Value, Format) switch
        {
            (null, _) => Literal!.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal),
            (ParameterResource parameter, "uri") => $"{{{parameter.Name}-uri-encoded.value}}",
            (IManifestExpressionProvider provider, _) => provider.ValueExpression,
            _ => throw new InvalidOperationException("A value without a manifest expression cannot be published."),
        };
    }

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly List<Part> _parts = new(formattedCount + (literalLength > 0 ? formattedCount + 1 : 0));

        public readonly void AppendLiteral(string value) => _parts.Add(new(value, null, null));

        public readonly void AppendFormatted(string? value) => AppendFormatted(value, null);

        public readonly void AppendFormatted(string? value, string? format)
        {
            if (value is not null)
            {
                AppendLiteral(format == "uri" ? Uri.EscapeDataString(value) : value);
            }
        }

        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider, null);

        public readonly void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider =>
            ReferenceExpressionBuilder.Append(_parts, valueProvider, format);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource, null);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression ToExpression() => new(_parts);
    }
}
