using System.IO.Compression;
using System.Text;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace JanServer.McpTools.Tests.Scraping;

public sealed class PdfTests
{
    [Fact]
    public async Task The_text_of_a_PDF_is_read()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/a.pdf", exchange => exchange.BytesAsync(Pdf(2), "application/pdf"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/a.pdf"));

        Assert.Equal("This is page 1\n\nThis is page 2", answer.GetProperty("text").GetString());
        Assert.Equal("A report", answer.GetProperty("metadata").GetProperty("title").GetString());
        Assert.Equal(2, answer.GetProperty("metadata").GetProperty("pages").GetInt32());
        Assert.False(answer.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task A_PDF_without_a_type_is_recognised_and_a_long_one_cut()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:MaxPdfPages", "2"));
        host.Upstream.Next("/a", exchange => exchange.BytesAsync(Pdf(5), "application/octet-stream"));

        var answer = await host.AnswerAsync("scrape", host.Scrape("/a"));

        Assert.Contains("This is page 2", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("This is page 3", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(answer.GetProperty("truncated").GetBoolean());
        Assert.Equal(5, answer.GetProperty("metadata").GetProperty("pages").GetInt32());
    }

    [Fact]
    public async Task A_PDF_that_is_none_is_an_error()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/a", exchange => exchange.AnswerAsync("%PDF-1.7 and then nothing", "application/pdf"));

        Assert.Contains("PDF that cannot be read", await host.ErrorAsync("scrape", host.Scrape("/a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PDF_that_is_too_large_is_refused_and_not_cut()
    {
        await using var host = await SiteHost.StartAsync(("Scraping:MaxBytes", "16384"));
        host.Upstream.Next("/a", exchange => exchange.BytesAsync(new byte[20_000], "application/pdf"));

        Assert.Contains("PDF of more than", await host.ErrorAsync("scrape", host.Scrape("/a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PDF_that_nests_without_end_ends_nothing_but_itself()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/a", exchange => exchange.AnswerAsync(
            $"%PDF-1.4\n1 0 obj\n{new string('[', 500_000)}\nendobj\ntrailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF", "application/pdf"));

        await host.ErrorAsync("scrape", host.Scrape("/a"));
    }

    [Fact]
    public async Task A_PDF_that_unpacks_to_more_than_is_read_is_refused()
    {
        await using var host = await SiteHost.StartAsync();
        host.Upstream.Next("/a", exchange => exchange.BytesAsync(Bomb(100 << 20), "application/pdf"));

        var before = GC.GetTotalAllocatedBytes();
        Assert.Contains("PDF", await host.ErrorAsync("scrape", host.Scrape("/a")), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 60 << 20);
    }

    private static byte[] Pdf(int pages)
    {
        var builder = new PdfDocumentBuilder { DocumentInformation = { Title = "A report" } };
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        for (var number = 1; number <= pages; number++)
        {
            builder.AddPage(UglyToad.PdfPig.Content.PageSize.A4).AddText($"This is page {number}", 12, new PdfPoint(50, 700), font);
        }

        return builder.Build();
    }

    // One page whose content is spaces, packed.
    private static byte[] Bomb(int size)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (var written = 0; written < size; written += spaces.Length)
            {
                zlib.Write(spaces);
            }
        }

        using var file = new MemoryStream();
        var offsets = new List<long>();
        Write(file, "%PDF-1.4\n");
        Object(file, offsets, "<</Type/Catalog/Pages 2 0 R>>");
        Object(file, offsets, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
        Object(file, offsets, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>");
        offsets.Add(file.Position);
        Write(file, $"4 0 obj\n<</Filter/FlateDecode/Length {packed.Length}>>\nstream\n");
        packed.WriteTo(file);
        Write(file, "\nendstream\nendobj\n");
        var table = file.Position;
        Write(file, "xref\n0 5\n0000000000 65535 f \n" + string.Concat(offsets.Select(offset => $"{offset:D10} 00000 n \n")));
        Write(file, $"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{table}\n%%EOF");
        return file.ToArray();
    }

    private static void Object(MemoryStream file, List<long> offsets, string body)
    {
        offsets.Add(file.Position);
        Write(file, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
    }

    private static void Write(MemoryStream file, string text) => file.Write(Encoding.ASCII.GetBytes(text));
}
