using JanServer.McpTools.Prompts;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary><c>completion/complete</c>: what an argument of a prompt or template may be.</summary>
internal sealed class CompletionMethods(PromptCatalogue prompts, ResourceCatalogue resources) : IMethods
{
    // So says the protocol.
    private const int MaxValues = 100;

    public void AddTo(McpServerOptions server, McpRequest request) =>
        server.Handlers.CompleteHandler = (context, ct) => CompleteAsync(context.Params, request, ct);

    private async ValueTask<CompleteResult> CompleteAsync(CompleteRequestParams? parameters, McpRequest request, CancellationToken ct)
    {
        var argument = parameters?.Argument ?? throw new McpProtocolException("'params.argument' is required.", McpErrorCode.InvalidParams);
        var values = parameters.Ref switch
        {
            PromptReference prompt => await prompts.CompleteAsync(request.Caller, prompt.Name, argument.Name, argument.Value, ct),
            ResourceTemplateReference { Uri: { } template } => await resources.CompleteAsync(request.Caller, template, argument.Name, argument.Value, ct),
            _ => throw new McpProtocolException("'params.ref' must be a ref/prompt or a ref/resource.", McpErrorCode.InvalidParams),
        };
        return new() { Completion = new() { Values = [.. values.Take(MaxValues)], Total = values.Count, HasMore = values.Count > MaxValues } };
    }
}
