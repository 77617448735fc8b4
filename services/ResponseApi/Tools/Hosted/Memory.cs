using JanServer.ResponseApi.Tools.Mcp;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// Our own type <c>memory</c>: the model may recall what is known about the caller. OpenAI has no item for it, so that a call is shown as an
/// <c>mcp_call</c> of the server <c>memory</c>, which every client can read.
/// </summary>
internal sealed record Memory : IToolDeclaration
{
    public const string Type = "memory";

    // Whose memories they are is not the model's to say.
    private static readonly string[] Decided = ["project_id"];

    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var tool = await set.HostedAsync(KnownTools.Memory.Name, Type, KnownTools.Memory, ct);
        var function = new ModelFunction(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema, Decided));
        set.Add(
            new McpBinding(new RegisteredServer(set, RegisteredServer.All, Type), Type, tool, function, needsApproval: false, set.WasInterrupted),
            ToolNames.Key(Type));
        return null;
    }
}

/// <summary>What a request without <c>tools</c> is offered where the operator wants the reference's way: every tool of mcp-tools.</summary>
internal sealed record Everything : IToolDeclaration
{
    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var (tools, failure) = await set.ListHostedAsync(ct);
        if (failure is not null)
        {
            set.Notice($"No tools can be used: {failure.Message} If the request needs one, tell the user so.");
        }

        var server = new RegisteredServer(set, RegisteredServer.All, "tools");
        foreach (var tool in tools ?? [])
        {
            var function = new ModelFunction(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema));
            set.Add(new McpBinding(server, RegisteredServer.All, tool, function, tool.NeedsConfirmation, set.WasInterrupted));
        }

        return null;
    }
}
