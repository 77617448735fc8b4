using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Responses;

/// <summary>
/// Runs responses whose client waits. A client that leaves ends the run; what was made until then is stored, unless the request says that
/// nothing is.
/// </summary>
internal sealed class ForegroundRuns(
    ResponseStore responses,
    RunStore store,
    RunEnds ends,
    ConversationAppends appends,
    ResponseRunner runner,
    RunningResponses running,
    DrainDeadline drain,
    IOptions<BackgroundOptions> options,
    TimeProvider clock)
{
    /// <summary>Runs a response to its end without showing it.</summary>
    /// <returns>Why it was stopped, if it was.</returns>
    public async Task<StopReason> RunAsync(Response response, CancellationToken client)
    {
        var run = await BeginAsync(response, client);
        try
        {
            return await RunAsync(response, run, stream: null, client);
        }
        finally
        {
            running.End(run);
        }
    }

    /// <summary>Runs a response and shows its events as they happen.</summary>
    public async Task StreamAsync(Response response, HttpContext context)
    {
        var run = await BeginAsync(response, context.RequestAborted);
        var stream = new LiveStream();
        var work = RunAsync(response, run, stream, context.RequestAborted);
        try
        {
            await EventStream.WriteAsync(context, stream.Events, context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            run.Stop(StopReason.ClientGone);
        }
        finally
        {
            stream.Close();
            await work;
            running.End(run);
        }
    }

    private async Task<RunHandle> BeginAsync(Response response, CancellationToken ct)
    {
        var run = running.Begin(response.Id, Guid.CreateVersion7(clock.GetUtcNow()), TimeSpan.FromSeconds(options.Value.ForegroundTimeoutSeconds));
        try
        {
            if (response.Request.Store)
            {
                await responses.AddRunningAsync(response, run.Lease, ct);
                run.IsLeased = true;
            }

            return run;
        }
        catch
        {
            running.End(run);
            throw;
        }
    }

    private async Task<StopReason> RunAsync(Response response, RunHandle run, LiveStream? stream, CancellationToken client)
    {
        await using var gone = client.Register(() => run.Stop(StopReason.ClientGone));
        await using var stopping = drain.Token.Register(() => run.Stop(StopReason.Released));
        try
        {
            await runner.RunAsync(response, run, new LiveJournal(run, response.Request.Store, stream, store, ends, appends));
            if (run.Reason == StopReason.Cancelled && stream is not null)
            {
                // Somebody else cancelled it, and wrote its end; who waits here has not heard of that yet.
                await stream.WriteAsync(EndEvents.For(response), client);
            }

            return run.Reason;
        }
        finally
        {
            stream?.Close();
        }
    }
}
