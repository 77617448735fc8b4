using System.Net;
using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Tools;
using JanServer.ResponseApi.Tools.Mcp;
using JanServer.ServiceDefaults.Outbound;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace JanServer.ResponseApi.RemoteServers;

/// <summary>
/// An MCP server that a request names by its URL. It is connected to when it is first needed, once for a response. What goes wrong there
/// is told to the model; an address that may not be reached is the client's error.
/// </summary>
internal sealed class RemoteServer(
    string label, RemoteAddress address, string param, Func<HttpClient> clients, RemoteServerOptions options, TimeProvider clock, ILoggerFactory logs)
    : IMcpServer, IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);
    private McpClient? _client;

    /// <summary>MCP has no idempotency keys: only tools that say so may be called twice.</summary>
    public bool KeepsCallsOnce => false;

    public string FunctionNameOf(McpTool tool) => $"{label}_{tool.Name}";

    public async ValueTask<McpListing> ListAsync(IReadOnlyList<McpTool>? known, CancellationToken ct)
    {
        if (known is not null)
        {
            return new(known);
        }

        var (tools, failure, isRefused) = await AttemptAsync(TimeSpan.FromSeconds(options.ListTimeoutSeconds), ListAllAsync, ct);
        return isRefused ? new(null, failure, OutboundFailure.Refused.ToApiError(param)) : new(tools, failure);
    }

    public async ValueTask<(McpToolResult? Result, McpFailure? Failure)> CallAsync(
        McpTool tool, JsonElement arguments, ToolInvocation invocation, CancellationToken ct)
    {
        var (result, failure, _) = await AttemptAsync(
            TimeSpan.FromSeconds(options.CallTimeoutSeconds), (client, limit) => CallAsync(client, tool, arguments, limit), ct);
        return (result, failure);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task<IReadOnlyList<McpTool>> ListAllAsync(McpClient client, CancellationToken ct) =>
    [
        .. (await client.ListToolsAsync(cancellationToken: ct)).Take(options.MaxTools).Select(tool => tool.ProtocolTool).Select(tool => new McpTool(
            tool.Name, tool.Description, tool.InputSchema, tool.Annotations is { } hints ? Element(hints) : null)),
    ];

    private static async Task<McpToolResult> CallAsync(McpClient client, McpTool tool, JsonElement arguments, CancellationToken ct)
    {
        var call = new CallToolRequestParams
        {
            Name = tool.Name,
            Arguments = arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value),
        };
        var result = Element(await client.CallToolAsync(call, ct));
        return new(
            result.TryGetProperty("content", out var content) ? [.. content.EnumerateArray()] : [],
            result.TryGetProperty("structuredContent", out var structured) && structured.ValueKind is not JsonValueKind.Null ? structured : null,
            result.TryGetProperty("isError", out var failed) && failed.ValueKind is JsonValueKind.True);
    }

    /// <summary>Connects, if need be, and does it. A connection that something went wrong with is not used again.</summary>
    private async Task<(T? Value, McpFailure? Failure, bool IsRefused)> AttemptAsync<T>(
        TimeSpan timeout, Func<McpClient, CancellationToken, Task<T>> work, CancellationToken ct)
        where T : class
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return (await work(await ConnectAsync(limit.Token), limit.Token), null, false);
        }
        catch (McpProtocolException exception)
        {
            return (null, new(McpFailureKind.Protocol, (int)exception.ErrorCode, exception.Message), false);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && IsForeign(exception))
        {
            await CloseAsync();
            return (null, Failure(exception, deadline.IsCancellationRequested), IsRefused(exception));
        }
    }

    private async Task<McpClient> ConnectAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return _client ??= await OpenAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<McpClient> OpenAsync(CancellationToken ct)
    {
        var transport = new HttpClientTransport(
            new()
            {
                Endpoint = address.Url,
                Name = label,
                AdditionalHeaders = address.Headers.ToDictionary(),
                ConnectionTimeout = TimeSpan.FromSeconds(options.ListTimeoutSeconds),
                EnableStandaloneGetStream = false,
                MaxReconnectionAttempts = 1,
            },
            clients(),
            logs,
            ownsHttpClient: true);
        try
        {
            return await McpClient.CreateAsync(
                transport,
                new()
                {
                    ClientInfo = new() { Name = "JanServer", Version = "1" },
                    InitializationTimeout = TimeSpan.FromSeconds(options.ListTimeoutSeconds),
                },
                logs,
                ct);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is not { } client)
        {
            return;
        }

        // The end of a session is a request to the server, which may take its time.
        try
        {
            await client.DisposeAsync().AsTask().WaitAsync(CloseTimeout, clock);
        }
        catch (Exception exception) when (IsForeign(exception))
        {
            // The session then ends at its server's own time.
        }
    }

    // Whatever a foreign server makes the SDK throw: a bug of ours is none of these.
    private static bool IsForeign(Exception exception) => exception
        is HttpRequestException or IOException or McpException or OperationCanceledException or TimeoutException or JsonException
        or InvalidOperationException or NotSupportedException or AggregateException;

    private static McpFailure Failure(Exception exception, bool isLate) => exception switch
    {
        _ when isLate || exception is TimeoutException => new(McpFailureKind.Unreachable, 0, "The MCP server did not answer in time."),
        _ when Status(exception) is { } status => new(McpFailureKind.Http, (int)status, status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"The MCP server refuses the credentials (HTTP status {(int)status}).",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "The MCP server redirects elsewhere, which is not followed.",
            _ => $"The MCP server answered with HTTP status {(int)status}.",
        }),
        McpException => new(McpFailureKind.Protocol, 0, "The MCP server does not speak the protocol as it should."),
        _ => new(McpFailureKind.Unreachable, 0, "The MCP server could not be reached."),
    };

    private static bool IsRefused(Exception exception) => Causes(exception).Any(cause => cause is OutboundRefusedException);

    private static HttpStatusCode? Status(Exception exception) =>
        Causes(exception).OfType<HttpRequestException>().Select(cause => cause.StatusCode).FirstOrDefault(status => status is not null);

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
            if (cause is AggregateException several && several.InnerExceptions.Count > 1)
            {
                foreach (var inner in several.InnerExceptions.SelectMany(Causes))
                {
                    yield return inner;
                }
            }
        }
    }

    private static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)));
}
