using System.Text.Json.Nodes;
using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Listing;

/// <summary>What a look at a server's tools found.</summary>
/// <param name="Failure">Why it found nothing.</param>
/// <param name="NeedsSignIn">Whether the user has to sign in first.</param>
/// <param name="ToolCount">How many tools there are.</param>
/// <param name="Protocol">The revision that was spoken.</param>
/// <param name="Name">What the server calls itself.</param>
/// <param name="Version">Its version.</param>
internal sealed record RefreshResult(ServerFailure? Failure, bool NeedsSignIn, int ToolCount, string? Protocol, string? Name, string? Version);

/// <summary>Looks at a server's tools and keeps them.</summary>
internal sealed partial class ToolRefresh(
    ServerConnections connections,
    IServiceScopeFactory scopes,
    ListSignals signals,
    ExternalMetrics metrics,
    IOptions<ExternalOptions> options,
    TimeProvider clock,
    ILogger<ToolRefresh> logger)
{
    private const int MaxPages = 50;

    /// <summary>Looks now, also when the server is left alone otherwise.</summary>
    public async Task<RefreshResult> RunAsync(ExternalServer server, Guid principal, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2 * options.Value.ConnectSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            var result = await connections.UseAsync(
                server,
                principal,
                async (connection, token) => (
                    Tools: await ReadAsync(connection, token),
                    Protocol: connection.Client.NegotiatedProtocolVersion,
                    Server: connection.Client.ServerInfo),
                either.Token);
            await KeepAsync(server, principal, result.Tools);
            metrics.Refreshed(server, "ok");
            return new(null, false, result.Tools.Count, result.Protocol, result.Server?.Name, result.Server?.Version);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var needsSignIn = ServerFailure.IsSignIn(e);
            var failure = needsSignIn ? new("sign_in", "The user has to sign in to the server first.", CountsAgainstServer: false)
                : deadline.IsCancellationRequested ? ServerFailure.TimedOut
                : ServerFailure.Of(e);
            if (failure is null)
            {
                throw;
            }

            await FailAsync(server, principal, failure, needsSignIn);
            metrics.Refreshed(server, failure.Class);
            Log.Failed(logger, server.Label, failure.Class);
            return new(failure, needsSignIn, 0, null, null, null);
        }
    }

    private async Task<List<Tool>> ReadAsync(ServerConnection connection, CancellationToken ct)
    {
        var tools = new List<Tool>();
        if (connection.Client.ServerCapabilities.Tools is null)
        {
            return tools;
        }

        // As plain JSON: the SDK's own list fails whole on one odd schema.
        var names = new HashSet<string>(StringComparer.Ordinal);
        var length = 0;
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var request = new JsonRpcRequest
            {
                Method = RequestMethods.ToolsList,
                Params = cursor is null ? [] : new JsonObject { ["cursor"] = cursor },
            };
            var answer = (await connection.Client.SendRequestAsync(request, ct)).Result as JsonObject
                ?? throw new McpException("The list of tools is no object.");
            foreach (var tool in (answer["tools"] as JsonArray ?? []).Select(ToolReader.Read).OfType<Tool>())
            {
                length += ToolReader.Write(tool).ToJsonString().Length;
                if (tools.Count == options.Value.MaxTools || length > options.Value.MaxListLength)
                {
                    return tools;
                }

                if (names.Add(tool.Name))
                {
                    tools.Add(tool);
                }
            }

            var next = answer["nextCursor"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
            if (string.IsNullOrEmpty(next) || next == cursor)
            {
                break;
            }

            cursor = next;
        }

        return tools;
    }

    private async Task KeepAsync(ExternalServer server, Guid principal, List<Tool> tools)
    {
        tools.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        var json = new JsonArray([.. tools.Select(ToolReader.Write)]).ToJsonString();
        await using var scope = scopes.CreateAsyncScope();
        var lists = scope.ServiceProvider.GetRequiredService<ToolListStore>();
        await scope.ServiceProvider.GetRequiredService<HealthStore>().SucceededAsync(server.Id, CancellationToken.None);
        if (await lists.PutAsync(server.Id, principal, json, tools.Count, CancellationToken.None))
        {
            await signals.SendAsync(server, principal, CancellationToken.None);
        }
    }

    private async Task FailAsync(ExternalServer server, Guid principal, ServerFailure failure, bool needsSignIn)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ToolListStore>().FailedAsync(server.Id, principal, CancellationToken.None);
        if (!needsSignIn)
        {
            await scope.ServiceProvider.GetRequiredService<HealthStore>().FailedAsync(server.Id, failure, CancellationToken.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The tools of the MCP server {Label} could not be listed: {Failure}")]
        public static partial void Failed(ILogger logger, string label, string failure);
    }
}
