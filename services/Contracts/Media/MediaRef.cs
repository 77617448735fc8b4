using JanServer.Contracts.Ids;

namespace JanServer.Contracts.Media;

/// <summary>Marks the id of a stored file: <c>jan_…</c>. Ids in message parts name an image, a sound or a document.</summary>
public abstract class MediaRef : IIdentified
{
    private MediaRef()
    {
    }

    /// <inheritdoc/>
    public static string IdPrefix => "jan";

    /// <summary>Whether the text is the id of a stored file, as message parts may carry it in the place of a URL.</summary>
    public static bool IsId(string? text) => !Id<MediaRef>.Parse(text).IsNone;
}
