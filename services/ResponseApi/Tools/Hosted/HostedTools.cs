using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>Lists and calls the tools of mcp-tools for the caller of a response, whoever's request this process is at.</summary>
internal sealed class HostedTools(IHttpClientFactory clients, IOptions<ToolsOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>The service, and the client of it.</summary>
    public const string Service = "mcp-tools";

    private const int MaxId = 200;

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
                var lifetime = TimeSpan.FromSeconds(options.Value.ListCacheSeconds);
                _lists.Set(key, tools, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = lifetime });
            }

            return (tools, failure);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, new(McpFailureKind.Unreachable, 0, "The tool service did not list its tools in time."));
        }
    }

    /// <summary>
    /// Calls a tool. Where the response may be continued by somebody else the call has an idempotency key: it is made once more when it was
    /// not answered, and whoever continues asks for it again. Otherwise it ends when its answer is not wanted any more, and is made once
    /// more only when it never left. The conversation is not named: its items are appended from here, and mcp-tools would report to them.
    /// </summary>
    public async ValueTask<(McpToolResult? Result, McpFailure? Failure)> CallAsync(
        ToolInvocation invocation, string tool, JsonElement arguments, CancellationToken ct)
    {
        var response = invocation.Response;
        var key = response.Request.Background ? Fit(invocation.IdempotencyKey) : null;
        var call = new McpToolCall(tool, arguments, Fit(invocation.CallId), key);
        var client = ClientFor(response.Caller);
        try
        {
            var (result, failure) = await client.CallAsync(call, ct);
            if (failure is not null && (failure.IsUnsent || (failure.IsTransient && key is not null)))
            {
                await Task.Delay(RetryPause, clock, ct);
                (result, failure) = await client.CallAsync(call, ct);
            }

            return (result, failure);
        }
        catch (OperationCanceledException) when (key is not null && response.IsGivenUp())
        {
            await TellAsync(client, call);
            throw;
        }
    }

    // Models make ids as they like; headers and keys have limits.
    private static string Fit(string id) =>
        id.Length is > 0 and <= MaxId && id.All(c => c is > ' ' and < '\x7F')
            ? id
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    public void Dispose() => _lists.Dispose();

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
