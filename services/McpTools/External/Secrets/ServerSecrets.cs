namespace JanServer.McpTools.External.Secrets;

/// <summary>What of a server is secret.</summary>
/// <param name="Headers">Headers that every request carries.</param>
/// <param name="Environment">The environment of a program.</param>
/// <param name="ClientSecret">The secret of the configured OAuth client.</param>
internal sealed record ServerSecrets(
    IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Environment, string? ClientSecret)
{
    /// <summary>No secrets.</summary>
    public static ServerSecrets None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string>(), null);

    /// <summary>Whether there is anything to keep.</summary>
    public bool IsEmpty => Headers.Count == 0 && Environment.Count == 0 && ClientSecret is null;
}
