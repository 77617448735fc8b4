using System.Text.Json;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Events;

/// <summary>Streams a <c>message</c> item of the assistant with its parts: text, and a refusal.</summary>
internal sealed class MessageWriter
{
    private readonly EventSink _sink;
    private readonly string _id;
    private readonly int _index;
    private readonly CitationSource _sources;
    private readonly List<JsonElement> _parts = [];
    private PartWriter? _part;

    private MessageWriter(EventSink sink, string id, int index, CitationSource sources) =>
        (_sink, _id, _index, _sources) = (sink, id, index, sources);

    public static async ValueTask<MessageWriter> BeginAsync(EventSink sink, CitationSource sources, TimeProvider clock, CancellationToken ct)
    {
        var id = ItemIds.New("message", clock);
        var index = await sink.AddItemAsync(Item(id, "in_progress", []), ct);
        return new(sink, id, index, sources);
    }

    public ValueTask WriteTextAsync(ReadOnlyMemory<byte> delta, ReadOnlyMemory<byte> logprobs, CancellationToken ct) =>
        WriteAsync(isRefusal: false, delta, logprobs, ct);

    public ValueTask WriteRefusalAsync(ReadOnlyMemory<byte> delta, CancellationToken ct) => WriteAsync(isRefusal: true, delta, default, ct);

    /// <returns>The finished item with its place.</returns>
    public async ValueTask<(int Index, JsonElement Item)> EndAsync(string status, CancellationToken ct)
    {
        await EndPartAsync(ct);
        var item = Item(_id, status, _parts);
        await _sink.EndItemAsync(_index, item, ct);
        return (_index, item);
    }

    /// <summary>The item as it is now, without any event, for an answer that nobody waits for any more.</summary>
    public (int Index, JsonElement Item) Snapshot() =>
        (_index, Item(_id, "incomplete", _part is null ? _parts : [.. _parts, _part.Snapshot()]));

    private ValueTask WriteAsync(bool isRefusal, ReadOnlyMemory<byte> delta, ReadOnlyMemory<byte> logprobs, CancellationToken ct) =>
        _part is { } part && part.IsRefusal == isRefusal
            ? part.WriteAsync(delta, logprobs, ct)
            : BeginPartAsync(isRefusal, delta, logprobs, ct);

    private async ValueTask BeginPartAsync(bool isRefusal, ReadOnlyMemory<byte> delta, ReadOnlyMemory<byte> logprobs, CancellationToken ct)
    {
        await EndPartAsync(ct);
        _part = new(_sink, _id, _index, _parts.Count, isRefusal, _sources);
        await _part.BeginAsync(ct);
        await _part.WriteAsync(delta, logprobs, ct);
    }

    private async ValueTask EndPartAsync(CancellationToken ct)
    {
        if (_part is not null)
        {
            _parts.Add(await _part.EndAsync(ct));
            _part = null;
        }
    }

    private static JsonElement Item(string id, string status, List<JsonElement> parts) => ItemJson.Build(json =>
    {
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, status);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            part.WriteTo(json);
        }

        json.WriteEndArray();
    });
}
