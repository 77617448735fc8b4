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
