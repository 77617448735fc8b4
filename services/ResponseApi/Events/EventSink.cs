using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Events;

/// <summary>
/// Numbers the events of one response and gives them to its journal, one at a time: what runs at the same time writes whole events, and a
/// checkpoint falls between two of them.
/// </summary>
/// <param name="response">Of which response.</param>
/// <param name="journal">Where they go.</param>
/// <param name="run">Ends the run. What is being written when only a call ends, by its timeout, is written to its end: half of it would leave a gap.</param>
internal sealed class EventSink(Response response, IRunJournal journal, CancellationToken run) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, ItemJson.Options);

    /// <summary>Emits an event with the members that <paramref name="fields"/> writes.</summary>
    public ValueTask EmitAsync(string type, Action<Utf8JsonWriter>? fields, CancellationToken ct) =>
        EmitAsync(type, fields, static (json, fields) => fields?.Invoke(json), ct);

    /// <summary>The same without a closure, for what is emitted for every token.</summary>
    public async ValueTask EmitAsync<TState>(string type, TState state, Action<Utf8JsonWriter, TState> fields, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            await RaiseAsync(type, state, fields);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Emits an event that holds the response as it is now, such as <c>response.completed</c>.</summary>
    public ValueTask EmitResponseAsync(string type, CancellationToken ct) =>
        EmitAsync(type, response, static (json, response) =>
        {
            json.WritePropertyName("response"u8);
            ResponseResource.Write(json, response);
        }, ct);

    /// <summary>Shows that an item begins.</summary>
    /// <returns>Its output index.</returns>
    public async ValueTask<int> AddItemAsync(JsonElement item, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var index = response.Progress.NextOutputIndex++;
            await RaiseAsync("response.output_item.added", (index, item), WriteItem);
            return index;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Shows that an item has ended.</summary>
    public ValueTask EndItemAsync(int index, JsonElement item, CancellationToken ct) =>
        EmitAsync("response.output_item.done", (index, item), WriteItem, ct);

    /// <summary>Makes durable how far the response is; no event is emitted meanwhile.</summary>
    public async ValueTask CheckpointAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            await journal.CheckpointAsync(response, run);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _gate.Dispose();
    }

    private static void WriteItem(Utf8JsonWriter json, (int Index, JsonElement Item) state)
    {
        json.WriteNumber("output_index"u8, state.Index);
        json.WritePropertyName("item"u8);
        state.Item.WriteTo(json);
    }

    private async ValueTask RaiseAsync<TState>(string type, TState state, Action<Utf8JsonWriter, TState> fields)
    {
        var number = response.Progress.NextSequenceNumber;
        await journal.EmitAsync(Write(type, number, state, fields), run);
        response.Progress.NextSequenceNumber = number + 1;
    }

    private ResponseEvent Write<TState>(string type, long number, TState state, Action<Utf8JsonWriter, TState> fields)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        _json.WriteNumber("sequence_number"u8, number);
        fields(_json, state);
        _json.WriteEndObject();
        _json.Flush();
        return new(type, number, _buffer.WrittenSpan.ToArray());
    }
}
