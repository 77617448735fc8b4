using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Tests.External.Fixtures;

/// <summary>
/// The SDK's own MCP server on the loopback: with sessions, as up to revision 2025-11-25, or without, as 2026-07-28 has it. What no honest
/// server does can be told to it.
/// </summary>
public sealed class TestMcpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _hasSessions;
    private readonly ConcurrentDictionary<string, (StreamableHttpServerTransport Transport, McpServer Server)> _sessions = new();
    private readonly ConcurrentDictionary<Guid, Channel<bool>> _listeners = new();
    private readonly List<Tool> _tools = [];

    private TestMcpServer(WebApplication app, bool hasSessions) => (_app, _hasSessions) = (app, hasSessions);

    /// <summary>The endpoint by a host name that is trusted.</summary>
    public string Url => $"http://localhost:{new Uri(_app.Urls.First()).Port}/mcp";

    public string Origin => $"http://localhost:{new Uri(_app.Urls.First()).Port}";

    /// <summary>What came in: method, header by name.</summary>
    public ConcurrentQueue<(string Method, IReadOnlyDictionary<string, string> Headers)> Requests { get; } = new();

    /// <summary>The JSON-RPC messages that came in.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    /// <summary>What a call of a tool gives.</summary>
    public Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>> OnCall { get; set; } =
        (call, _) => ValueTask.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = $"called {call.Params!.Name}" }] });

    /// <summary>Answers before MCP does; true when it has.</summary>
    public Func<HttpContext, Task<bool>>? Before { get; set; }

    /// <summary>The result of <c>tools/list</c> as JSON, whatever it is.</summary>
    public string? RawList { get; set; }

    public static async Task<TestMcpServer> StartAsync(bool hasSessions = true, params string[] tools)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new TestMcpServer(app, hasSessions);
        foreach (var tool in tools)
        {
            server.Add(tool);
        }

        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Adds a tool that takes anything.</summary>
    public void Add(string name) => Add(new Tool { Name = name, Description = $"Does {name}." });

    public void Add(Tool tool)
    {
        lock (_tools)
        {
            _tools.Add(tool);
        }
    }

    /// <summary>Tells all clients that the tools changed.</summary>
    public async Task NotifyAsync()
    {
        foreach (var (_, listener) in _listeners)
        {
            listener.Writer.TryWrite(true);
        }

        foreach (var (_, session) in _sessions)
        {
            await session.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification);
        }
    }

    /// <summary>How many clients there are.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Forgets all sessions, as a restart does.</summary>
    public void Forget() => _sessions.Clear();

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Requests.Enqueue((context.Request.Method, context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        if (Before is { } before && await before(context))
        {
            return;
        }

        if (context.Request.Path != "/mcp")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await (context.Request.Method switch
            {
                "POST" => PostAsync(context),
                "GET" => GetAsync(context),
                "DELETE" => DeleteAsync(context),
                _ => Task.CompletedTask,
            });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
    }

    private async Task PostAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var json = (JsonObject)JsonNode.Parse(body)!;
        var method = json["method"]?.GetValue<string>();
        Messages.Enqueue(body);
        if (RawList is not null && method == "tools/list")
        {
            await AnswerAsync(context, $$"""{"jsonrpc":"2.0","id":{{json["id"]!.ToJsonString()}},"result":{{RawList}}}""");
            return;
        }

        var message = JsonSerializer.Deserialize(body, (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage)))!;
        if (!_hasSessions)
        {
            await using var transport = new StreamableHttpServerTransport { Stateless = true };
            await using var server = Create(transport);
            var running = server.RunAsync(context.RequestAborted);
            await HandleAsync(transport, message, context);
            await transport.DisposeAsync();
            await running;
            return;
        }

        if (method == RequestMethods.ServerDiscover)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await AnswerAsync(context, $$$"""{"jsonrpc":"2.0","id":{{{json["id"]!.ToJsonString()}}},"error":{"code":-32601,"message":"Method not found"}}""");
            return;
        }

        var id = context.Request.Headers["Mcp-Session-Id"].ToString();
        if (method == RequestMethods.Initialize)
        {
            id = Guid.CreateVersion7().ToString("N");
            var transport = new StreamableHttpServerTransport { SessionId = id };
            var server = Create(transport);
            _ = server.RunAsync();
            _sessions[id] = (transport, server);
            context.Response.Headers["Mcp-Session-Id"] = id;
        }

        if (_sessions.TryGetValue(id, out var session))
        {
            await HandleAsync(session.Transport, message, context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static async Task HandleAsync(StreamableHttpServerTransport transport, JsonRpcMessage message, HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
        {
            context.Response.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private async Task GetAsync(HttpContext context)
    {
        if (!_sessions.TryGetValue(context.Request.Headers["Mcp-Session-Id"].ToString(), out var session))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        await session.Transport.HandleGetRequestAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (_sessions.TryRemove(context.Request.Headers["Mcp-Session-Id"].ToString(), out var session))
        {
            await session.Server.DisposeAsync();
            await session.Transport.DisposeAsync();
        }
    }

    // Without sessions the stream of this request is the only way for news.
    private async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken ct)
    {
        var (id, news) = (Guid.CreateVersion7(), Channel.CreateUnbounded<bool>());
        JsonObject Tagged(JsonObject body)
        {
            body["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = JsonValue.Create(request.JsonRpcRequest.Id.ToString()) };
            return body;
        }

        await request.Server.SendMessageAsync(
            new JsonRpcNotification
            {
                Method = NotificationMethods.SubscriptionsAcknowledgedNotification,
                Params = Tagged(new() { ["notifications"] = new JsonObject { ["toolsListChanged"] = request.Params!.Notifications!.ToolsListChanged } }),
            },
            ct);
        _listeners[id] = news;
        try
        {
            await foreach (var _ in news.Reader.ReadAllAsync(ct))
            {
                await request.Server.SendMessageAsync(
                    new JsonRpcNotification { Method = NotificationMethods.ToolListChangedNotification, Params = Tagged([]) }, ct);
            }
        }
        finally
        {
            _listeners.TryRemove(id, out _);
        }

        return new();
    }

    private McpServer Create(ITransport transport) => McpServer.Create(transport, new McpServerOptions
    {
        ServerInfo = new() { Name = "test-server", Version = "3.2.1" },
        Capabilities = new() { Tools = new() { ListChanged = true } },
        Handlers = new()
        {
            ListToolsHandler = (_, _) =>
            {
                lock (_tools)
                {
                    return ValueTask.FromResult(new ListToolsResult { Tools = [.. _tools] });
                }
            },
            SubscriptionsListenHandler = _hasSessions ? null : ListenAsync,
            CallToolHandler = (call, ct) => OnCall(call, ct),
        },
    });

    private static Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json)).AsTask();
    }
}
