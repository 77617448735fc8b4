using System.Threading.Channels;
using JanServer.Contracts.Ids;
using JanServer.Data.Connections;
using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Listing;

/// <summary>
/// Looks at the tools of servers when it is time, or when a server says that they changed. Every replica does; which one does it for a
/// list is decided in the database. Connections that nobody needs are closed along the way.
/// </summary>
internal sealed partial class RefreshSchedule(
    ToolRefresh refresh,
    ServerConnections connections,
    IServiceScopeFactory scopes,
    IOptions<ExternalOptions> options,
    ILogger<RefreshSchedule> logger) : BackgroundService
{
    private const int AtOnce = 4;

    // More news than this at once is not kept: what it is about is due soon anyway.
    private readonly Channel<(Id<ExternalServer> Server, Guid Principal)> _news =
        Channel.CreateBounded<(Id<ExternalServer>, Guid)>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Looks at what is due at once, for what was just registered.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it just now.
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        connections.ToolsChanged += Hear;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await RunAsync(stoppingToken);
                }
                catch (Exception e) when (DatabaseFailure.IsTransient(e) || DatabaseFailure.IsOutage(e))
                {
                    Log.Interrupted(logger);
                }

                await _wake.WaitAsync(TimeSpan.FromSeconds(options.Value.PollSeconds), stoppingToken);
            }
        }
        finally
        {
            connections.ToolsChanged -= Hear;
        }
    }

    private void Hear(Id<ExternalServer> server, Guid principal)
    {
        _news.Writer.TryWrite((server, principal));
        Wake();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await NoteNewsAsync(ct);
        await SweepAsync(ct);
        while (await ClaimAsync(ct) is { Count: > 0 } due)
        {
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, RefreshAsync);
        }
    }

    private async Task NoteNewsAsync(CancellationToken ct)
    {
        var noted = new HashSet<(Id<ExternalServer>, Guid)>();
        while (_news.Reader.TryRead(out var news))
        {
            if (noted.Add(news))
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ToolListStore>().DueAsync(news.Server, news.Principal, ct);
            }
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        if (connections.Servers is not { Count: > 0 } servers)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        await connections.SweepAsync(await scope.ServiceProvider.GetRequiredService<ServerStore>().RevisionsAsync([.. servers], ct));
    }

    private async Task<List<(Id<ExternalServer> Server, Guid Principal)>> ClaimAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ToolListStore>().ClaimAsync(AtOnce, ct);
    }

    private async ValueTask RefreshAsync((Id<ExternalServer> Server, Guid Principal) due, CancellationToken ct)
    {
        ExternalServer? server;
        await using (var scope = scopes.CreateAsyncScope())
        {
            server = await scope.ServiceProvider.GetRequiredService<ServerStore>().FindAsync(due.Server, ct);
        }

        // The list of a principal that the server no longer has is a leftover of another way to sign in.
        if (server is { IsEnabled: true } && server.NeedsSignIn == (due.Principal != Guid.Empty))
        {
            await RefreshAsync(server, due.Principal, ct);
        }
    }

    private async Task RefreshAsync(ExternalServer server, Guid principal, CancellationToken ct)
    {
        try
        {
            await refresh.RunAsync(server, principal, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !DatabaseFailure.IsTransient(e) && !DatabaseFailure.IsOutage(e))
        {
            // Whatever one server does, the others are looked at; this one again when its claim runs out.
            Log.Unexpected(logger, e, server.Label);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Looking at the tools of MCP servers was interrupted, because the database cannot be reached; it goes on later")]
        public static partial void Interrupted(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Looking at the tools of the MCP server {Label} failed in a way that nobody foresaw")]
        public static partial void Unexpected(ILogger logger, Exception exception, string label);
    }
}
