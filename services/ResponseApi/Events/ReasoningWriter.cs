using System.Text.Json;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Events;

/// <summary>
/// Streams a <c>reasoning</c> item: as <c>reasoning_text</c>, or as a summary when the request asks for one. A model's reasoning as it
/// came is then its summary: nothing is left out, and clients that show only summaries show it.
/// </summary>
internal sealed class ReasoningWriter
{
    private readonly EventSink _sink;
    private readonly string _id;
    private readonly bool _isSummary;
    private readonly TextBuffer _text = new();
    private readonly int _index;

    private ReasoningWriter(EventSink sink, string id, bool isSummary, int index) =>
        (_sink, _id, _isSummary, _index) = (sink, id, isSummary, index);

    public static async ValueTask<ReasoningWriter> BeginAsync(EventSink sink, bool isSummary, TimeProvider clock, CancellationToken ct)
    {
        var id = ItemIds.New("reasoning", clock);
        var index = await sink.AddItemAsync(Item(id, isSummary, default, "in_progress"), ct);
        var writer = new ReasoningWriter(sink, id, isSummary, index);
        await sink.EmitAsync(
            isSummary ? "response.reasoning_summary_part.added" : "response.content_part.added", json => writer.WritePart(json, default), ct);
        return writer;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> delta, CancellationToken ct)
    {
        _text.Append(delta);
        return _sink.EmitAsync(
            _isSummary ? "response.reasoning_summary_text.delta" : "response.reasoning_text.delta",
            (Writer: this, Delta: delta),
            static (json, state) =>
            {
                state.Writer.WritePlace(json);
                json.WriteString("delta"u8, state.Delta.Span);
            },
            ct);
    }

    /// <returns>The finished item with its place.</returns>
    public async ValueTask<(int Index, JsonElement Item)> EndAsync(string status, CancellationToken ct)
    {
        await _sink.EmitAsync(_isSummary ? "response.reasoning_summary_text.done" : "response.reasoning_text.done", json =>
        {
            WritePlace(json);
            json.WriteString("text"u8, _text.Utf8.Span);
        }, ct);
        await _sink.EmitAsync(
            _isSummary ? "response.reasoning_summary_part.done" : "response.content_part.done", json => WritePart(json, _text.Utf8), ct);
        var item = Item(_id, _isSummary, _text.Utf8, status);
        await _sink.EndItemAsync(_index, item, ct);
        return (_index, item);
    }

    /// <summary>The item as it is now, without any event.</summary>
    public (int Index, JsonElement Item) Snapshot() => (_index, Item(_id, _isSummary, _text.Utf8, "incomplete"));

    private static JsonElement Item(string id, bool isSummary, ReadOnlyMemory<byte> text, string status) => ItemJson.Build(json =>
    {
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "reasoning"u8);
        WriteTexts(json, "summary", "summary_text", isSummary ? text : default);
        if (!isSummary)
        {
            WriteTexts(json, "content", "reasoning_text", text);
        }

        json.WriteString("status"u8, status);
    });

    private static void WriteTexts(Utf8JsonWriter json, string name, string type, ReadOnlyMemory<byte> text)
    {
        json.WriteStartArray(name);
        if (!text.IsEmpty)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("text"u8, text.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, _id);
        json.WriteNumber("output_index"u8, _index);
        json.WriteNumber(_isSummary ? "summary_index"u8 : "content_index"u8, 0);
    }

    private void WritePart(Utf8JsonWriter json, ReadOnlyMemory<byte> text)
    {
        WritePlace(json);
        json.WriteStartObject("part"u8);
        json.WriteString("type"u8, _isSummary ? "summary_text"u8 : "reasoning_text"u8);
        json.WriteString("text"u8, text.Span);
        json.WriteEndObject();
    }
}
