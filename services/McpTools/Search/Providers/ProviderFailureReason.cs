namespace JanServer.McpTools.Search.Providers;

/// <summary>Kinds of failures of providers.</summary>
internal enum ProviderFailureReason
{
    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>No connection, or one that broke.</summary>
    Unreachable,

    /// <summary>It was not asked.</summary>
    CircuitOpen,

    /// <summary>429.</summary>
    RateLimited,

    /// <summary>Key or plan.</summary>
    Denied,

    /// <summary>Another 4xx, or a redirect.</summary>
    Rejected,

    /// <summary>5xx.</summary>
    Failed,

    /// <summary>Not JSON, or not what was agreed.</summary>
    Unreadable,

    /// <summary>More bytes than are read.</summary>
    TooLarge,

    /// <summary>It answered and has nothing.</summary>
    Empty,

    /// <summary>It does not offer what was asked for.</summary>
    Unsupported,

    /// <summary>The owner of a page does not want it fetched by programs.</summary>
    Forbidden,
}
