using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>One filter that refuses what would unpack to more than the document's budget.</summary>
internal sealed class BoundedFilter(string name, IFilter inner, UnpackingBudget budget) : IFilter
{
    // The most that a byte of these can become.
    private const int RunLengthFactor = 64;
    private const int LzwFactor = 2800;

    private const int ZlibHeader = 2;

    public bool IsSupported => inner.IsSupported;

    public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
    {
        budget.Check(name switch
        {
            "FlateDecode" or "Fl" => Measure(input),
            "LZWDecode" or "LZW" => (long)input.Length * LzwFactor,
            "RunLengthDecode" or "RL" => (long)input.Length * RunLengthFactor,
            _ => input.Length,
        });
        var output = inner.Decode(input, streamDictionary, filterProvider, filterIndex);
        budget.Take(output.Length);
        return output;
    }

    // Unpacks once to count. A stream that breaks off counts as far as it goes.
    private static long Measure(Memory<byte> input)
    {
        if (input.Length <= ZlibHeader)
        {
            return 0;
        }

        using var packed = new MemoryStream(input[ZlibHeader..].ToArray(), writable: false);
        using var unpacking = new DeflateStream(packed, CompressionMode.Decompress);
        var buffer = new byte[64 << 10];
        var total = 0L;
        try
        {
            int read;
            while (total <= UnpackingBudget.MaxStream && (read = unpacking.Read(buffer)) > 0)
            {
                total += read;
            }
        }
        catch (InvalidDataException)
        {
            return total;
        }

        return total;
    }
}
