using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace JanServer.Identity.Pages;

/// <summary>Markup that is safe to send: texts in the holes of <see cref="Of"/> are encoded, markup in them is not.</summary>
internal readonly record struct Html(string Markup)
{
    public static readonly Html None = new("");

    public static Html Of(Interpolated text) => new(text.Markup);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Markup)));

    [InterpolatedStringHandler]
    internal readonly ref struct Interpolated(int literalLength, int formattedCount)
    {
        private const int GuessedHoleLength = 32;

        private readonly StringBuilder _markup = new(literalLength + (formattedCount * GuessedHoleLength));

        public string Markup => _markup.ToString();

        public void AppendLiteral(string markup) => _markup.Append(markup);

        public void AppendFormatted(string? text) => _markup.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted(Html html) => _markup.Append(html.Markup);
    }
}
