using System.Globalization;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Exceptions;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>Takes the text out of a PDF: so many pages, for so long, and what is there by then.</summary>
internal static class PdfReader
{
    private static readonly ContentOrderTextExtractor.Options Layout = new() { SeparateParagraphsWithDoubleNewline = true };

    /// <summary>The text, or why there is none.</summary>
    /// <param name="body">The whole file.</param>
    /// <param name="maxPages">How many pages are read.</param>
    /// <param name="isTimeUp">Asked between pages.</param>
    public static (Page? Page, string? Error) Read(ReadOnlyMemory<byte> body, int maxPages, Func<bool> isTimeUp)
    {
        try
        {
            var options = new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true, FilterProvider = new BoundedFilters() };
            using var document = PdfDocument.Open(body, options);
            return (Read(document, maxPages, isTimeUp), null);
        }
        catch (PdfDocumentEncryptedException)
        {
            return (null, "is a PDF with a password");
        }

        // A file from anywhere makes the parser throw whatever its code meets.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (null, "is a PDF that cannot be read");
        }
    }

    private static Page Read(PdfDocument document, int maxPages, Func<bool> isTimeUp)
    {
        var text = new StringBuilder();
        var read = 0;
        while (read < Math.Min(document.NumberOfPages, maxPages) && !isTimeUp())
        {
            var page = ContentOrderTextExtractor.GetText(document.GetPage(++read), Layout).Trim();
            if (page.Length > 0)
            {
                text.Append(text.Length > 0 ? "\n\n" : "").Append(page.ReplaceLineEndings("\n"));
            }
        }

        var information = document.Information;
        return new(text.ToString(), new PageMetadata
        {
            Title = Plain(information.Title),
            Byline = Plain(information.Author),
            Description = Plain(information.Subject),
            PublishedDate = information.GetCreatedDateTimeOffset()?.ToString("O", CultureInfo.InvariantCulture),
            Pages = document.NumberOfPages,
        })
        {
            IsTruncated = read < document.NumberOfPages,
        };
    }

    private static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : Search.Providers.Excerpt.Of(text.Trim(), 1000);
}
