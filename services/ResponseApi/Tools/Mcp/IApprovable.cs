namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>A tool whose calls the client may have to approve.</summary>
internal interface IApprovable : IToolBinding
{
    /// <summary>What requests for approval call its server: what the request calls it, or the type of a tool of ours.</summary>
    string Label { get; }

    /// <summary>What its server calls it.</summary>
    string ToolName { get; }
}
