namespace JanServer.McpTools.Tools;

/// <summary>What we say of a tool in its <c>_meta</c>, beside MCP's members.</summary>
internal static class ToolMeta
{
    /// <summary>The label of the external server that has the tool.</summary>
    public const string ServerLabel = "janserver/server_label";

    /// <summary>The tool's own name at that server.</summary>
    public const string OwnName = "janserver/tool";

    /// <summary><c>always</c> or <c>never</c>: whether a person confirms calls.</summary>
    public const string RequireApproval = "janserver/require_approval";
}
