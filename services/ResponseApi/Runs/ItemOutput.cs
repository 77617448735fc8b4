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

    /// <summary>Its output index; -1 until it is shown.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>As it was shown to begin.</summary>
    public JsonElement? Item { get; private set; }

    public async ValueTask AddAsync(JsonElement item, CancellationToken ct)
    {
        Check();
        Item = item;
        Index = open is { } shown ? shown.OutputIndex : await sink.AddItemAsync(item, ct);
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

    /// <summary>Lets nothing more through: a tool that does not end in time may still be at work.</summary>
    public void Close() => _isClosed = true;

    private void Check()
    {
        if (_isClosed)
        {
            throw new OperationCanceledException("The call of this tool has ended.");
        }
    }
}
