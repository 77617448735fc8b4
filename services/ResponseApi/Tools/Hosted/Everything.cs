using JanServer.ResponseApi.Tools.Mcp;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>What a request without <c>tools</c> is offered where the operator wants the reference's way: every tool of mcp-tools.</summary>
internal sealed record Everything : IToolDeclaration
{
    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var server = new RegisteredServer(set, RegisteredServer.All, "tools");
        var listing = await server.ListAsync(known: null, ct);
        if (listing.Failure is { } failure)
        {
            set.Notice($"No tools can be used: {failure.Message} If the request needs one, tell the user so.");
        }

        foreach (var tool in listing.Tools ?? [])
        {
            var function = new ModelFunction(set.NameFor(tool.Name), tool.Description, tool.InputSchema);
            set.Add(new McpBinding(server, RegisteredServer.All, tool, function, tool.NeedsConfirmation, set.WasInterrupted));
        }

        return null;
    }
}
