using JanServer.Data.Writing;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.EventLog;

/// <summary>
/// The journal of a background response: events go to the log in groups, and are committed before anything that comes after them is a
/// checkpoint. The last event is written with the end itself.
/// </summary>
internal sealed class LoggedJournal(RunHandle run, BatchWriter<LoggedEvent> log, RunStore store, RunEnds ends, ConversationAppends appends) : IRunJournal
{
    // How many events may be on their way before the run waits for the database.
    private const int MaxPending = 256;

    private Task _newest = Task.CompletedTask;
    private int _pending;
    private ResponseEvent? _last;

    public async ValueTask EmitAsync(ResponseEvent happened, CancellationToken ct)
    {
        if (EndEvents.IsLast(happened.Type))
        {
            _last = happened;
            return;
        }

        // Written in order, so the newest is committed after all before it. The write itself is not cancelled with the run.
        _newest = log.WriteAsync(new(run.Id.Value, run.Lease, happened.SequenceNumber, happened.Type, happened.Data), CancellationToken.None);
        if (++_pending == MaxPending)
        {
            await FlushAsync(ct);
        }
    }

    public async ValueTask CheckpointAsync(Response response, CancellationToken ct)
    {
        await FlushAsync(ct);
        var isEnd = ResponseStatus.IsFinal(response.Progress.Status);

        // An ended response has no lease any more, which is then not a lost one.
        run.IsLeased = run.IsLeased && !isEnd;
        var isMine = isEnd
            ? await ends.FinishAsync(response, run.Lease, _last ??= EndEvents.For(response), ct)
            : await store.CheckpointAsync(response, run.Lease, ct);
        if (!isMine)
        {
            run.Stop(await store.WhyLostAsync(run, ct));
            throw new OperationCanceledException(run.Token);
        }

        if (isEnd && response.ConversationId is not null)
        {
            await appends.TryNowAsync(response.Id, ct);
        }
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        _pending = 0;
        await _newest.WaitAsync(ct);
    }
}
