namespace JanServer.Accounts.IdentityProvider;

/// <summary>What a client sends as an id becomes part of a path at the identity provider.</summary>
internal static class PathSegment
{
    private const int MaxLength = 255;

    /// <summary>Whether a text, once escaped, is one segment: two dots are not, and escaping leaves them as they are.</summary>
    public static bool IsSafe(string text) => text.Length is > 0 and <= MaxLength && text is not ("." or "..") && !text.Any(char.IsControl);
}
