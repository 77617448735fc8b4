namespace JanServer.ServiceDefaults.Redis;

/// <summary>Redis answered with an error, or not at all.</summary>
internal sealed class RedisException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>EVALSHA names a script that the server does not have (after a restart, or SCRIPT FLUSH).</summary>
    public bool IsUnknownScript => Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);
}
