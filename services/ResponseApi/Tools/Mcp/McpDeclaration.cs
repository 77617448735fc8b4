using JanServer.Contracts.Tools;
using JanServer.ResponseApi.RemoteServers;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>OpenAI's <c>mcp</c>: a server by its URL, or one that mcp-tools knows by <c>connector_id</c> or, without that, by its label.</summary>
/// <param name="Path">Such as <c>tools[0]</c>.</param>
/// <param name="Label">What the request calls it.</param>
/// <param name="Address">The server of the request's own; null for one of mcp-tools.</param>
/// <param name="Registered">What mcp-tools calls it.</param>
/// <param name="Description">What the server is for.</param>
/// <param name="Allowed">The tools that are offered; null for all.</param>
/// <param name="Approval">Which calls the client must approve.</param>
internal sealed record McpDeclaration(
    string Path, string Label, RemoteAddress? Address, string Registered, string? Description, ToolFilter? Allowed, ApprovalRule Approval)
    : IToolDeclaration
{
    public const string Type = "mcp";

    private const int MaxLabel = 64;

    public static McpDeclaration Read(string path, FieldReader tool, RemoteServerOptions limits)
    {
        var label = tool.NeedText("server_label", most: MaxLabel);
        if (label.Length > 0 && !FunctionNames.IsValid(label))
        {
            tool.Fail("server_label", "It may have letters, digits, '_' and '-' only.");
        }

        if (tool.Has("tunnel_id"))
        {
            tool.Fail("tunnel_id", "This server has no tunnels. Name the MCP server with 'server_url'.");
        }

        var connector = tool.Text("connector_id", 1, MaxLabel);
        if (connector is not null && tool.Has("server_url"))
        {
            tool.Fail("connector_id", "It cannot be used together with 'server_url'.");
        }

        if (!tool.Has("server_url") && (tool.Has("authorization") || tool.Object("headers")?.Value.EnumerateObject().Any() is true))
        {
            tool.Fail(tool.Has("authorization") ? "authorization" : "headers", "It is for servers with 'server_url'; registered servers have their own.");
        }

        return new(
            path,
            label,
            tool.Has("server_url") ? RemoteAddress.Read(tool, limits) : null,
            connector ?? label,
            tool.Text("server_description", most: 4096),
            ToolFilter.Read(tool, "allowed_tools"),
            ApprovalRule.Read(tool));
    }

    /// <summary>Begins to ask the server for its tools.</summary>
    public void Ask(ToolSetBuilder set, CancellationToken ct) => set.Servers.Ask(Path, Connect(set), McpLists.KnownTo(set.Response, Label), ct);

    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        if (set.IsTakenLabel(Label))
        {
            return ApiError.Invalid($"{Path}.server_label", $"Two MCP servers are called '{Label}'.");
        }

        var (server, listing) = await set.Servers.AnswerAsync(Path);
        if (listing.Refusal is not null)
        {
            return listing.Refusal;
        }

        var tools = listing.Tools?.Where(Offers).ToList();
        if (McpLists.KnownTo(set.Response, Label) is null)
        {
            set.Show(McpLists.Item(Label, tools ?? [], listing.Failure?.Message));
        }

        if (tools is null)
        {
            set.OutOfReach(Label);
            set.Notice($"The MCP server {Label} cannot be used: {listing.Failure?.Message} If the request needs it, tell the user so.");
        }

        AddTools(set, server, tools ?? []);
        return null;
    }

    private bool Offers(McpTool tool) => Allowed?.Matches(tool) ?? true;

    private IMcpServer Connect(ToolSetBuilder set) => Address is null
        ? new RegisteredServer(set, Registered, $"{Path}.{(Registered == Label ? "server_label" : "connector_id")}")
        : set.Remote.Server(Label, Address, $"{Path}.server_url");

    private void AddTools(ToolSetBuilder set, IMcpServer server, IEnumerable<McpTool> tools)
    {
        foreach (var tool in tools)
        {
            var function = new ModelFunction(set.NameFor(server.FunctionNameOf(tool)), Described(tool), tool.InputSchema);
            set.Add(
                new McpBinding(server, Label, tool, function, Approval.Requires(tool) || tool.NeedsConfirmation, set.WasInterrupted),
                ToolNames.Key(Type, null, Label),
                ToolNames.Key(Type, tool.Name, Label));
        }
    }

    private string? Described(McpTool tool) =>
        string.IsNullOrWhiteSpace(Description) ? tool.Description : $"{tool.Description} (Of {Label}: {Description})".TrimStart();
}
