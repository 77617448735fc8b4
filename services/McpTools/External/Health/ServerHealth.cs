namespace JanServer.McpTools.External.Health;

/// <summary>How a server does, as all replicas saw it.</summary>
/// <param name="LastSuccessAt">When it last answered; kept to half a minute.</param>
/// <param name="LastFailureAt">When it last did not.</param>
/// <param name="LastError">The class of that failure.</param>
/// <param name="ConsecutiveFailures">How many there were since it last answered.</param>
/// <param name="OpenUntil">Until when it is left alone; null when it is not.</param>
internal sealed record ServerHealth(
    DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, string? LastError, int ConsecutiveFailures, DateTimeOffset? OpenUntil);
