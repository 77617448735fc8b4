using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.External.SignIn;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Connections;

/// <summary>
/// Opens connections: over HTTP, or to a program that it starts. The SDK gets no logger, for its lines hold what servers say.
/// </summary>
internal sealed class ServerConnector(
    ServerAddresses addresses, SecretReader secrets, UserTokens tokens, IOptions<ExternalOptions> options, TimeProvider clock, ILoggerFactory loggers)
{
    private static readonly Implementation Ourselves = new() { Name = "janserver", Version = "1.0.0" };

    /// <summary>Connects within <see cref="ExternalOptions.ConnectSeconds"/>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="principal">The user, where users sign in.</param>
    /// <param name="changed">Called when the server says that its tools changed.</param>
    /// <exception cref="ServerFailureException">It cannot be tried at all.</exception>
    public async Task<ServerConnection> ConnectAsync(ExternalServer server, Guid principal, Action changed)
    {
        var time = TimeSpan.FromSeconds(options.Value.ConnectSeconds);
        using var deadline = new CancellationTokenSource(time, clock);
        if (secrets.Of(server) is not { } secret)
        {
            throw new ServerFailureException(ServerFailure.NoSecrets);
        }

        var client = new McpClientOptions { ClientInfo = Ourselves, InitializationTimeout = time };
        client.Handlers.NotificationHandlers =
        [
            new(NotificationMethods.ToolListChangedNotification, (_, _) =>
            {
                changed();
                return ValueTask.CompletedTask;
            }),
        ];
        return server.Transport == ExternalServer.Stdio
            ? await StartAsync(server, secret, client, deadline.Token)
            : await DialAsync(server, secret, principal, client, deadline.Token);
    }

    private async Task<ServerConnection> DialAsync(
        ExternalServer server, ServerSecrets secret, Guid principal, McpClientOptions client, CancellationToken ct)
    {
        var endpoint = new Uri(server.Url!);
        var handler = new ServerRequestHandler(
            endpoint,
            secret.Headers,
            server.NeedsSignIn ? tokens.Of(server, new(principal)) : null,
            options.Value.MaxMessageBytes,
            addresses.HandlerFor(server));

        var transport = new HttpClientTransport(
            new()
            {
                Endpoint = endpoint,
                Name = server.Label,
                ConnectionTimeout = TimeSpan.FromSeconds(options.Value.ConnectSeconds),
            },
            new ServerHttpClient(handler),
            loggerFactory: null,
            ownsHttpClient: true);
        try
        {
            return new(await McpClient.CreateAsync(transport, client, loggerFactory: null, ct), null, clock);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    private async Task<ServerConnection> StartAsync(ExternalServer server, ServerSecrets secret, McpClientOptions client, CancellationToken ct)
    {
        if (!options.Value.Stdio.Enabled || !server.IsOfAdministrators)
        {
            throw new ServerFailureException(ServerFailure.StdioDisabled);
        }

        var process = StdioProcess.Start(server, secret.Environment, loggers.CreateLogger<StdioProcess>());
        try
        {
            var output = new LimitedStream(process.Output, options.Value.MaxMessageBytes, MessageEnd.Line);
            var transport = new StreamClientTransport(process.Input, output);
            return new(await McpClient.CreateAsync(transport, client, loggerFactory: null, ct), process, clock);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    // The SDK takes a client. The sockets are of the shared handler at its end, and every wait has a deadline of its own.
    private sealed class ServerHttpClient : HttpClient
    {
        public ServerHttpClient(HttpMessageHandler handler)
            : base(handler, disposeHandler: false) => Timeout = System.Threading.Timeout.InfiniteTimeSpan;
    }
}
