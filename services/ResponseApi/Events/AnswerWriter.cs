using System.Text.Json;
using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Events;

/// <summary>Turns the chunks of one model call into items and their events: reasoning, a message, calls, in the order in which they come.</summary>
/// <param name="sink">Where the events go.</param>
/// <param name="output">Where the finished items go.</param>
/// <param name="response">Of which response.</param>
/// <param name="tools">What the model was offered, by name; calls of anything else are not known.</param>
/// <param name="callIds">All ids of calls that the response has seen; a repeated one is renamed.</param>
/// <param name="clock">For new ids.</param>
internal sealed class AnswerWriter(
    EventSink sink, RunOutput output, Response response, IReadOnlyDictionary<string, IToolBinding> tools, HashSet<string> callIds, TimeProvider clock)
{
    private readonly List<CallWriter> _calls = [];
    private readonly Dictionary<int, CallWriter> _byIndex = [];
    private ReasoningWriter? _reasoning;
    private MessageWriter? _message;
    private bool _any;

    /// <summary>The calls of the answer, in order.</summary>
    public IReadOnlyList<CallWriter> Calls => _calls;

    public async ValueTask WriteAsync(ChatChunk chunk, CancellationToken ct)
    {
        if (!chunk.Reasoning.IsEmpty)
        {
            await ReasonAsync(chunk.Reasoning, ct);
        }

        if (!chunk.Text.IsEmpty)
        {
            await (await MessageAsync(ct)).WriteTextAsync(chunk.Text, response.Request.ShowsLogprobs ? chunk.Logprobs : default, ct);
        }

        if (!chunk.Refusal.IsEmpty)
        {
            await (await MessageAsync(ct)).WriteRefusalAsync(chunk.Refusal, ct);
        }

        foreach (var call in chunk.Calls)
        {
            await EndTextAsync("completed", ct);
            await CallOf(call).WriteAsync(call.Name, call.Arguments, tools, ct);
        }
    }

    /// <summary>Ends what is open.</summary>
    /// <param name="status"><c>completed</c>, or <c>incomplete</c> for an answer that was cut off.</param>
    /// <param name="ct">Ends the wait for the journal.</param>
    public async ValueTask EndAsync(string status, CancellationToken ct)
    {
        if (!_any && _calls.Count == 0 && status == "completed")
        {
            // An answer is at least a message, if one without text.
            await (await MessageAsync(ct)).WriteTextAsync(default, default, ct);
        }

        await EndTextAsync(status, ct);
        foreach (var call in _calls)
        {
            if (await call.EndAsync(status, ct) is { } ended)
            {
                output.Add(ended.Index, ended.Item);
            }
        }
    }

    /// <summary>Keeps what was said of an answer that is cancelled. No event tells of it: the stream has ended.</summary>
    public void Keep()
    {
        if (_reasoning is { } reasoning)
        {
            Finish(reasoning.Snapshot());
        }

        if (_message is { } message)
        {
            Finish(message.Snapshot());
        }
    }

    private async ValueTask ReasonAsync(ReadOnlyMemory<byte> delta, CancellationToken ct)
    {
        if (_reasoning is null)
        {
            await EndTextAsync("completed", ct);
            _any = true;
            _reasoning = await ReasoningWriter.BeginAsync(sink, response.Request.Reasoning.Summary is not null, clock, ct);
        }

        await _reasoning.WriteAsync(delta, ct);
    }

    private ValueTask<MessageWriter> MessageAsync(CancellationToken ct) => _message is null ? BeginMessageAsync(ct) : new(_message);

    private async ValueTask<MessageWriter> BeginMessageAsync(CancellationToken ct)
    {
        await EndTextAsync("completed", ct);
        _any = true;
        return _message = await MessageWriter.BeginAsync(sink, new(response.Progress.Executions), clock, ct);
    }

    private async ValueTask EndTextAsync(string status, CancellationToken ct)
    {
        if (_reasoning is { } reasoning)
        {
            _reasoning = null;
            Finish(await reasoning.EndAsync(status, ct));
        }

        if (_message is { } message)
        {
            _message = null;
            Finish(await message.EndAsync(status, ct));
        }
    }

    private void Finish((int Index, JsonElement Item) ended) => output.Add(ended.Index, ended.Item);

    /// <summary>
    /// The call that a part belongs to: by its index, or the last one when the server gives none. Another id at the same index is another
    /// call, for servers that give every call the index 0.
    /// </summary>
    private CallWriter CallOf(CallDelta delta)
    {
        var index = delta.Index >= 0 ? delta.Index : delta.Id is null ? _calls.Count - 1 : _calls.Count;
        if (_byIndex.TryGetValue(index, out var known)
            && (string.IsNullOrEmpty(delta.Id) || string.Equals(delta.Id, known.ModelId, StringComparison.Ordinal)))
        {
            return known;
        }

        var callId = !string.IsNullOrEmpty(delta.Id) && delta.Id.Length <= 64 && callIds.Add(delta.Id) ? delta.Id : ItemIds.NewCall(clock);
        callIds.Add(callId);
        var call = new CallWriter(sink, callId, clock) { ModelId = delta.Id };
        _calls.Add(call);
        _byIndex[Math.Max(0, index)] = call;
        return call;
    }
}
