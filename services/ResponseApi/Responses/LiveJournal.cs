using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Contexts;
using JanServer.ResponseApi.EventLog;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Responses;

/// <summary>
/// The journal of a response whose client waits: events go to the client as they happen, but for the last, which it sees when the end is
/// stored and, if it can be, the conversation has the items.
/// </summary>
internal sealed class LiveJournal(
    RunHandle run, bool isStored, LiveStream? stream, RunStore store, RunEnds ends, ConversationAppends appends) : IRunJournal
{
    private ResponseEvent? _last;
    private bool _hasEnded;

    public async ValueTask EmitAsync(ResponseEvent happened, CancellationToken ct)
    {
        if (EndEvents.IsLast(happened.Type) && !_hasEnded)
        {
            _last = happened;
        }
        else if (stream is not null)
        {
            await stream.WriteAsync(happened, ct);
        }
    }

    public async ValueTask CheckpointAsync(Response response, CancellationToken ct)
    {
        if (!ResponseStatus.IsFinal(response.Progress.Status))
        {
            await RequireAsync(!isStored || await store.CheckpointAsync(response, run.Lease, ct), ct);
            return;
        }

        // An ended response has no lease any more, which is then not a lost one.
        run.IsLeased = false;
        if (isStored)
        {
            await RequireAsync(await ends.FinishAsync(response, run.Lease, last: null, ct), ct);
        }
        else
        {
            await ends.FinishUnstoredAsync(response, ct);
        }

        _hasEnded = true;
        if (response.ConversationId is not null)
        {
            await appends.TryNowAsync(response.Id, ct);
        }

        if (_last is { } last && stream is not null)
        {
            await stream.WriteAsync(last, ct);
        }
    }

    private async Task RequireAsync(bool isMine, CancellationToken ct)
    {
        if (isMine)
        {
            return;
        }

        run.Stop(await store.WhyLostAsync(run, ct));
        throw new OperationCanceledException(run.Token);
    }
}
