namespace JanServer.Contracts.Ids;

/// <summary>Something with a public, prefixed identifier such as <c>conv_…</c>.</summary>
public interface IIdentified
{
    /// <summary>The prefix without its underscore: lower-case letters only.</summary>
    static abstract string IdPrefix { get; }
}
