namespace JanServer.McpTools.External.Health;

/// <summary>How a server does, as all replicas saw it.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="Status"><c>unknown</c>, <c>healthy</c>, <c>failing</c>, or <c>unavailable</c> while it is left alone.</param>
/// <param name="LastSuccessAt">When it last answered, in Unix seconds; kept to half a minute.</param>
/// <param name="LastFailureAt">When it last did not.</param>
/// <param name="LastError">Why: <c>unreachable</c>, <c>timeout</c>, <c>refused</c>, <c>unauthorized</c>, <c>protocol</c>, <c>too_large</c>, <c>http_503</c>…</param>
/// <param name="ConsecutiveFailures">How many failures there were since it last answered.</param>
/// <param name="RetryAt">Until when it is left alone.</param>
/// <param name="ToolCount">How many tools it has, as last seen.</param>
/// <param name="ToolsFetchedAt">When its tools were last seen.</param>
public sealed record HealthResource(
    string ServerId,
    string Status,
    long? LastSuccessAt,
    long? LastFailureAt,
    string? LastError,
    int ConsecutiveFailures,
    long? RetryAt,
    int? ToolCount,
    long? ToolsFetchedAt)
{
    /// <summary>Always <c>mcp.server.health</c>.</summary>
    public string Object => "mcp.server.health";

    internal static HealthResource Of(string server, ServerHealth? health, DateTimeOffset now, int? toolCount, DateTimeOffset? fetchedAt) => new(
        server,
        health switch
        {
            null => "unknown",
            { OpenUntil: { } until } when until > now => "unavailable",
            { ConsecutiveFailures: > 0 } => "failing",
            { LastSuccessAt: null } => "failing",
            _ => "healthy",
        },
        health?.LastSuccessAt?.ToUnixTimeSeconds(),
        health?.LastFailureAt?.ToUnixTimeSeconds(),
        health?.LastError,
        health?.ConsecutiveFailures ?? 0,
        health?.OpenUntil?.ToUnixTimeSeconds(),
        toolCount,
        fetchedAt?.ToUnixTimeSeconds());
}
