using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>OpenAI's filter of a server's tools.</summary>
/// <param name="Names">The only names; null for all.</param>
/// <param name="ReadOnly">Whether the tool must be read-only, or must not; null for either.</param>
internal sealed record ToolFilter(IReadOnlyList<string>? Names, bool? ReadOnly)
{
    private const int MaxNames = 256;

    public bool Matches(McpTool tool) =>
        (Names is null || Names.Contains(tool.Name, StringComparer.Ordinal)) && (ReadOnly is null || ReadOnly == tool.IsReadOnly);

    /// <summary>A list of names or a filter object; null when it is absent.</summary>
    public static ToolFilter? Read(FieldReader fields, string name)
    {
        if (fields.Find(name) is { ValueKind: JsonValueKind.Array })
        {
            return new(fields.Texts(name, MaxNames, 256), null);
        }

        return fields.Object(name) is { } filter ? new(filter.Texts("tool_names", MaxNames, 256), filter.Flag("read_only")) : null;
    }
}
