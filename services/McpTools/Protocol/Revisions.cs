namespace JanServer.McpTools.Protocol;

/// <summary>The revisions of MCP that this server speaks, all on one endpoint.</summary>
internal static class Revisions
{
    /// <summary>Has no handshake: every request says in <c>_meta</c> and in headers what it speaks.</summary>
    public const string Stateless = "2026-07-28";

    /// <summary>The one that allows JSON-RPC batches; also what a request without a version is taken for.</summary>
    public const string WithBatches = "2025-03-26";

    /// <summary>Those that begin with <c>initialize</c>, or with nothing at all.</summary>
    public static IReadOnlyList<string> WithHandshake { get; } = ["2024-11-05", WithBatches, "2025-06-18", "2025-11-25"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. WithHandshake, Stateless];
}
