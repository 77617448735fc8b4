using System.Text.Json;

namespace JanServer.McpTools.External.Listing;

/// <summary>A tool of a server as last seen.</summary>
/// <param name="Name">The server's own name of it.</param>
/// <param name="CallName">Its name in the caller's <c>tools/list</c>; absent when it is not offered there.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Description">What models are told about it.</param>
/// <param name="InputSchema">JSON schema of its arguments.</param>
/// <param name="OutputSchema">JSON schema of its structured results.</param>
/// <param name="Enabled">Whether it is offered.</param>
/// <param name="RequireApproval"><c>always</c> or <c>never</c>.</param>
public sealed record ServerToolResource(
    string Name,
    string? CallName,
    string? Title,
    string? Description,
    JsonElement InputSchema,
    JsonElement? OutputSchema,
    bool Enabled,
    string RequireApproval)
{
    /// <summary>Always <c>mcp.server.tool</c>.</summary>
    public string Object => "mcp.server.tool";
}

/// <summary>The tools of a server as last seen.</summary>
/// <param name="Data">The tools, by name.</param>
/// <param name="FetchedAt">When they were seen, in Unix seconds; absent when they never were.</param>
/// <param name="AgeSeconds">How long ago.</param>
public sealed record ServerToolList(IReadOnlyList<ServerToolResource> Data, long? FetchedAt, long? AgeSeconds)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}

/// <summary>What connecting to a server and listing its tools gave. A server that cannot be used is an answer, not an error.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="Ok">Whether its tools were listed.</param>
/// <param name="Error">Why not: a class as in its health, or <c>sign_in</c>.</param>
/// <param name="Message">The same for a person.</param>
/// <param name="ToolCount">How many tools it has.</param>
/// <param name="ProtocolVersion">The revision of MCP that was spoken.</param>
/// <param name="ServerName">What the server calls itself.</param>
/// <param name="ServerVersion">Its version.</param>
/// <param name="DurationMs">How long it took.</param>
public sealed record ServerTest(
    string ServerId,
    bool Ok,
    string? Error,
    string? Message,
    int ToolCount,
    string? ProtocolVersion,
    string? ServerName,
    string? ServerVersion,
    long DurationMs)
{
    /// <summary>Always <c>mcp.server.test</c>.</summary>
    public string Object => "mcp.server.test";
}
