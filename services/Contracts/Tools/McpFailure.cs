namespace JanServer.Contracts.Tools;

/// <summary>What kept an MCP server from answering.</summary>
public enum McpFailureKind
{
    /// <summary>The server could not be reached, or the connection broke. <see cref="McpFailure.Code"/> is 0.</summary>
    Unreachable,

    /// <summary>It answered with an HTTP status other than success.</summary>
    Http,

    /// <summary>It answered with a JSON-RPC error, or with what is no JSON-RPC.</summary>
    Protocol,
}

/// <summary>Why there is no answer of an MCP server.</summary>
/// <param name="Kind">Where it failed.</param>
/// <param name="Code">The HTTP status or the JSON-RPC code.</param>
/// <param name="Message">A sentence.</param>
public sealed record McpFailure(McpFailureKind Kind, int Code, string Message)
{
    /// <summary>Whether the request never left: there was no connection.</summary>
    public bool IsUnsent { get; init; }

    /// <summary>Whether another attempt may succeed: nothing was answered, or the server says that it is busy. It may have had its effect.</summary>
    public bool IsTransient => Kind is McpFailureKind.Unreachable || (Kind is McpFailureKind.Http && Code is 503);
}
