namespace JanServer.McpTools.Scraping.Reading;

/// <summary>How much a document may unpack to, in bytes.</summary>
internal sealed class UnpackingBudget
{
    /// <summary>One stream.</summary>
    public const long MaxStream = 64 << 20;

    private const long MaxDocument = 512 << 20;

    private long _left = MaxDocument;

    /// <summary>Refuses a stream that would become too large.</summary>
    public void Check(long bytes)
    {
        if (bytes > MaxStream || bytes > _left)
        {
            throw new InvalidDataException("The document unpacks to more than is read.");
        }
    }

    public void Take(long bytes) => _left -= bytes;
}
