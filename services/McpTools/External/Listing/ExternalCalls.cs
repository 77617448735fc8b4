using System.Text.Json;
using JanServer.Data.Connections;
using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.External.SignIn;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Listing;

/// <summary>Calls tools of external servers: within time, in turn, not while a server is left alone. What comes back is passed on as it is.</summary>
internal sealed partial class ExternalCalls(
    ServerConnections connections, CallTurns turns, IServiceScopeFactory scopes, ExternalMetrics metrics, TimeProvider clock, ILogger<ExternalCalls> logger)
{
    public async Task<CallToolResult> RunAsync(ExternalServer server, Tool tool, ToolCall call, CancellationToken ct)
    {
        if (await AdmitAsync(server, ct) is { } until)
        {
            metrics.Called(server, "unavailable", TimeSpan.Zero);
            var seconds = Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds));
            return ToolResults.Error($"The server '{server.Label}' has failed several times in a row and is left alone for now. Try again in {seconds} s.");
        }

        var start = clock.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(server.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var turn = await turns.WaitAsync(server.Id, either.Token);
            var result = await CallAsync(server, tool, call, either.Token);
            await SucceededAsync(server);
            metrics.Called(server, result.IsError == true ? "tool_error" : "ok", clock.GetElapsedTime(start));
            return result;
        }
        catch (McpProtocolException e)
        {
            // The server answers, and what it says is for whoever called.
            await SucceededAsync(server);
            metrics.Called(server, "protocol_error", clock.GetElapsedTime(start));
            return ToolResults.Error($"The server '{server.Label}' refused the call: {e.Message}");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            if (ServerFailure.IsSignIn(e))
            {
                metrics.Called(server, "sign_in", clock.GetElapsedTime(start));
                return await AskToSignInAsync(server, call.Caller, ct);
            }

            // A tool that takes long says nothing about its server: the regular look at its tools does.
            var failure = deadline.IsCancellationRequested ? ServerFailure.TimedOut with { CountsAgainstServer = false } : ServerFailure.Of(e);
            if (failure is null)
            {
                throw;
            }

            await FailedAsync(server, failure);
            metrics.Called(server, failure.Class, clock.GetElapsedTime(start));
            Log.Failed(logger, server.Label, failure.Class);
            return ToolResults.Error($"The server '{server.Label}' could not be used: {failure.Message}");
        }
    }

    /// <summary>A tool error that holds the link.</summary>
    public async Task<CallToolResult> AskToSignInAsync(ExternalServer server, Caller caller, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (link, _, error) = await scope.ServiceProvider.GetRequiredService<SignIns>().PrepareAsync(caller, server, ct);
        return ToolResults.Error(link is null
            ? $"The user has to sign in to the server '{server.Label}' first, which is not possible now: {error!.Message}"
            : $"The user has to sign in to the server '{server.Label}' first. Ask them to open {link.AbsoluteUri} and try again when they have.");
    }

    private Task<CallToolResult> CallAsync(ExternalServer server, Tool tool, ToolCall call, CancellationToken ct) => connections.UseAsync(
        server,
        server.PrincipalOf(call.Caller.UserId),
        async (connection, token) =>
        {
            // Lets the transport send the headers that the tool's schema asks for.
            connection.Client.AddKnownTools([tool]);
            var sent = SentRequest.Watch();
            try
            {
                return await connection.Client.CallToolAsync(tool.Name, ArgumentsOf(call.Arguments), call.Progress, cancellationToken: token);
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                await sent.CancelAsync(connection.Client);
                throw;
            }
        },
        ct);

    private static Dictionary<string, object?> ArgumentsOf(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.Object
            ? arguments.EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value, StringComparer.Ordinal)
            : [];

    private async Task<DateTimeOffset?> AdmitAsync(ExternalServer server, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HealthStore>().AdmitAsync(server.Id, ct);
    }

    private Task SucceededAsync(ExternalServer server) => RecordAsync(health => health.SucceededAsync(server.Id, CancellationToken.None));

    private Task FailedAsync(ExternalServer server, ServerFailure failure) =>
        RecordAsync(health => health.FailedAsync(server.Id, failure, CancellationToken.None));

    // Whether or not its caller still waits; and a result is not lost because this cannot be written down.
    private async Task RecordAsync(Func<HealthStore, Task> record)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await record(scope.ServiceProvider.GetRequiredService<HealthStore>());
        }
        catch (Exception e) when (DatabaseFailure.IsOutage(e) || DatabaseFailure.IsTransient(e))
        {
            Log.NotRecorded(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A call of the MCP server {Label} failed: {Failure}")]
        public static partial void Failed(ILogger logger, string label, string failure);

        [LoggerMessage(LogLevel.Warning, "The health of an MCP server could not be written down, because the database cannot be reached")]
        public static partial void NotRecorded(ILogger logger);
    }
}
