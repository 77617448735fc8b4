using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>Lists and calls the tools of mcp-tools for the caller of a response, whoever's request this process is at.</summary>
internal sealed class HostedTools(IHttpClientFactory clients, DrainDeadline drain, IOptions<ToolsOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>The service, and the client of it.</summary>
    public const string Service = "mcp-tools";

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(2);

    private readonly MemoryCache _lists = new(new MemoryCacheOptions { SizeLimit = options.Value.ListCacheCapacity });

    /// <summary>The tools that the caller may use, at most some seconds old.</summary>
    public async ValueTask<(IReadOnlyList<McpTool>? Tools, McpFailure? Failure)> ListAsync(Caller caller, CancellationToken ct)
    {
        var key = (caller.UserId, caller.ProjectId, caller.ApiKeyId);
        if (_lists.TryGetValue(key, out IReadOnlyList<McpTool>? known))
        {
            return (known, null);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Value.ListTimeoutSeconds));
        try
        {
            var (tools, failure) = await ClientFor(caller).ListAsync(limit.Token);
            if (tools is not null && options.Value.ListCacheSeconds > 0)
            {
                _lists.Set(key, tools, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(options.Value.ListCacheSeconds) });
            }

            return (tools, failure);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, new(McpFailureKind.Unreachable, 0, "The tool service did not list its tools in time."));
        }
    }

    /// <summary>
    /// Calls a tool. A call that reached nobody is made once more, which its idempotency key makes safe. When the answer is not wanted any
    /// more mcp-tools is told, unless somebody else may continue the response and ask for it again.
    /// </summary>
    public async ValueTask<(McpToolResult? Result, McpFailure? Failure)> CallAsync(ToolInvocation invocation, McpToolCall call, CancellationToken ct)
    {
        var client = ClientFor(invocation.Response.Caller);
        try
        {
            var (result, failure) = await client.CallAsync(call, ct);
            if (failure is { IsTransient: true })
            {
                await Task.Delay(RetryPause, clock, ct);
                (result, failure) = await client.CallAsync(call, ct);
            }

            return (result, failure);
        }
        catch (OperationCanceledException) when (!MayBeContinued(invocation.Response))
        {
            await TellAsync(client, call);
            throw;
        }
    }

    public void Dispose() => _lists.Dispose();

    private bool MayBeContinued(Response response) =>
        drain.IsDraining || (response.Request.Background && response.Progress.Status is not ("cancelled" or "incomplete" or "failed"));

    private async Task TellAsync(McpToolsClient client, McpToolCall call)
    {
        using var limit = new CancellationTokenSource(CancelTimeout, clock);
        try
        {
            await client.CancelAsync(call, "The response was cancelled.", limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The call then ends at its own time limit; the response has ended in any case.
        }
    }

    private McpToolsClient ClientFor(Caller caller) => new(clients.CreateClient(Service), request => request.For(caller));
}
