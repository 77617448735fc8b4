using System.Text.Json;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Tools;

namespace JanServer.ResponseApi.Runs;

/// <summary>The place of one tool's item in the stream.</summary>
/// <param name="sink">The stream.</param>
/// <param name="itemId">The item's id.</param>
/// <param name="open">The item as the stream already shows it, when the call is made again.</param>
internal sealed class ItemOutput(EventSink sink, string itemId, OpenItem? open = null) : IItemOutput
{
    private volatile bool _isClosed;
    private Task<int>? _adding;

    /// <summary>Its output index; -1 until it is shown.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>As it was shown to begin.</summary>
    public JsonElement? Item { get; private set; }

    public async ValueTask AddAsync(JsonElement item, CancellationToken ct)
    {
        Check();
        Item = item;
        if (open is { } shown)
        {
            Index = shown.OutputIndex;
            return;
        }

        _adding = sink.AddItemAsync(item, ct).AsTask();
        Index = await _adding;
    }

    public ValueTask EmitAsync(string type, Action<Utf8JsonWriter>? fields, CancellationToken ct)
    {
        Check();
        return sink.EmitAsync(type, (Index, Id: itemId, Fields: fields), static (json, state) =>
        {
            json.WriteString("item_id"u8, state.Id);
            json.WriteNumber("output_index"u8, state.Index);
            state.Fields?.Invoke(json);
        }, ct);
    }

    /// <summary>Lets nothing more through, since a tool that did not end in time may still be at work, and waits for what is on its way.</summary>
    public async ValueTask CloseAsync()
    {
        _isClosed = true;
        if (_adding is not { } adding)
        {
            return;
        }

        await ((Task)adding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Index = adding.IsCompletedSuccessfully ? await adding : Index;
    }

    private void Check()
    {
        if (_isClosed)
        {
            throw new OperationCanceledException("The call of this tool has ended.");
        }
    }
}
