using System.Text;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Resources;

/// <summary>Resource <c>jan://guide/tools</c>: which tools the caller has and how they are best used, for people and models to read.</summary>
internal sealed class ToolGuide(ToolCatalogue catalogue) : IResourceSource
{
    private const string Uri = "jan://guide/tools";
    private const string Markdown = "text/markdown";

    private static readonly Resource[] Resources =
    [
        new()
        {
            Uri = Uri,
            Name = "tool-guide",
            Title = "Guide to the tools",
            Description = "The tools that you have here, and how they work together.",
            MimeType = Markdown,
        },
    ];

    public ValueTask<IReadOnlyList<Resource>> ListAsync(Caller caller, CancellationToken ct) => new(Resources);

    public ValueTask<IReadOnlyList<ResourceTemplate>> ListTemplatesAsync(Caller caller, CancellationToken ct) => new([]);

    public async ValueTask<ReadResourceResult?> ReadAsync(Caller caller, string uri, CancellationToken ct)
    {
        if (uri != Uri)
        {
            return null;
        }

        var text = new StringBuilder("# Tools\n\n").Append(Protocol.Dispatch.ServerProfile.Instructions).Append('\n');
        foreach (var tool in await catalogue.ListAsync(caller, ct))
        {
            text.Append("\n## ").Append(tool.Name).Append("\n\n").Append(tool.Description).Append('\n');
        }

        return new() { Contents = [new TextResourceContents { Uri = Uri, MimeType = Markdown, Text = text.ToString() }] };
    }

    public ValueTask<IReadOnlyList<string>?> CompleteAsync(Caller caller, string template, string argument, string value, CancellationToken ct) => default;
}
