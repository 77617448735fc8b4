using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Requests;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>Which tools need the client's approval. All, unless the request says.</summary>
internal sealed record ApprovalRule(ToolFilter? Always, ToolFilter? Never)
{
    private static readonly ToolFilter Every = new(null, null);

    public static ApprovalRule All { get; } = new(Every, null);

    public static ApprovalRule None { get; } = new(null, Every);

    /// <summary>A tool that no filter names needs one, unless the filters only say which do.</summary>
    public bool Requires(McpTool tool) =>
        Always?.Matches(tool) is true || (Never?.Matches(tool) is not true && (Never is not null || Always is null));

    public static ApprovalRule Read(FieldReader tool)
    {
        const string Name = "require_approval";
        if (tool.Find(Name) is not { ValueKind: JsonValueKind.Object })
        {
            return tool.Choice(Name, "always", "never") is "never" ? None : All;
        }

        var rule = tool.Object(Name)!;
        return new(ToolFilter.Read(rule, "always"), ToolFilter.Read(rule, "never"));
    }
}
