using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>
/// The filters of PdfPig, which unpack whatever they are given, with limits: a small file may unpack to more than there is memory.
/// </summary>
internal sealed class BoundedFilters : BaseFilterProvider
{
    private static readonly string[] Names =
    [
        "ASCIIHexDecode", "AHx", "ASCII85Decode", "A85", "LZWDecode", "LZW", "FlateDecode", "Fl", "RunLengthDecode", "RL",
        "CCITTFaxDecode", "CCF", "JBIG2Decode", "DCTDecode", "DCT", "JPXDecode",
    ];

    public BoundedFilters()
        : base(Make(new UnpackingBudget()))
    {
    }

    private static Dictionary<string, IFilter> Make(UnpackingBudget budget) => Names.ToDictionary(
        name => name,
        IFilter (name) => new BoundedFilter(name, DefaultFilterProvider.Instance.GetNamedFilters([NameToken.Create(name)])[0], budget),
        StringComparer.Ordinal);
}
