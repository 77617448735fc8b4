using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Tools;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Runs;

/// <summary>
/// Works on a response until it ends: asks the model, runs the tools that it calls, asks again. Begins a fresh response and goes on with
/// one that another process began; see <c>Runs/README.md</c> for the rules.
/// </summary>
internal sealed partial class AgentLoop(
    ChatClient chat, IToolSetFactory tools, IOptions<AgentOptions> options, AgentMetrics metrics, TimeProvider clock, ILogger<AgentLoop> logger)
{
    /// <summary>
    /// Brings the response to <c>completed</c>, <c>incomplete</c> or <c>failed</c>, with the last event and a checkpoint after it. Whatever
    /// goes wrong with models and tools ends in one of these.
    /// </summary>
    /// <param name="response">What to work on; its progress is written.</param>
    /// <param name="journal">Where events and checkpoints go.</param>
    /// <param name="ct">
    /// Ends the work of the model and of tools at once. The progress is left as it was then, with what the model had said as an incomplete
    /// item; whoever cancels says what it means.
    /// </param>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the journal says that the response is no longer this process's.</exception>
    public async Task RunAsync(Response response, IRunJournal journal, CancellationToken ct)
    {
        using var sink = new EventSink(response, journal, ct);
        var progress = response.Progress;
        var resumed = !progress.IsFresh || progress.StartedAt is not null;
        var started = progress.StartedAt ??= clock.GetUtcNow();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Left(started));
        try
        {
            await BeginAsync(response, sink, resumed, ct);
            await WorkAsync(response, sink, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            Fail(progress, new("server_error", "The response took longer than it may.", StatusCodes.Status504GatewayTimeout));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Broke(logger, e, response.Id.ToString());
            Fail(progress, new("server_error", "The server failed while it worked on this response."));
        }

        await EndAsync(response, sink, ct);
    }

    private TimeSpan Left(DateTimeOffset started)
    {
        var left = options.Value.TimeLimit + options.Value.Grace - (clock.GetUtcNow() - started);

        // A run that is taken up after its time still gets to say so.
        return left > options.Value.Grace ? left : options.Value.Grace;
    }

    private static async Task BeginAsync(Response response, EventSink sink, bool resumed, CancellationToken ct)
    {
        var progress = response.Progress;
        progress.Status = ResponseStatus.InProgress;
        if (progress.NextSequenceNumber == 0)
        {
            await sink.EmitResponseAsync("response.created", ct);
        }

        if (!resumed)
        {
            await sink.EmitResponseAsync("response.in_progress", ct);
        }
    }

    private async Task WorkAsync(Response response, EventSink sink, CancellationToken ct)
    {
        var (set, error) = await tools.CreateAsync(response, ct);
        if (error is not null)
        {
            Fail(response.Progress, ErrorOf(error));
            return;
        }

        await using var used = set!;
        var run = new AgentRun(response, used, sink, chat, options.Value, metrics, clock, logger);
        await run.WorkAsync(ct);
    }

    private async Task EndAsync(Response response, EventSink sink, CancellationToken ct)
    {
        var progress = response.Progress;
        progress.EndedAt = clock.GetUtcNow();
        await sink.EmitResponseAsync($"response.{progress.Status}", ct);
        await sink.CheckpointAsync(ct);
        metrics.Ended(progress);
    }

    private static void Fail(RunProgress progress, RunError error) =>
        (progress.Status, progress.Error, progress.IncompleteReason) = (ResponseStatus.Failed, error, null);

    private static RunError ErrorOf(ApiError error) => new(
        error.Status switch
        {
            StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
            >= 500 => "server_error",
            _ => "invalid_prompt",
        },
        error.Message,
        error.Status,
        error.Param);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The loop of {ResponseId} broke")]
        public static partial void Broke(ILogger logger, Exception exception, string responseId);
    }
}
