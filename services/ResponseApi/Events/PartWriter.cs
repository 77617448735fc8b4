using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Events;

/// <summary>Streams one part of a message: <c>output_text</c> or <c>refusal</c>.</summary>
internal sealed class PartWriter(EventSink sink, string itemId, int outputIndex, int contentIndex, bool isRefusal, CitationSource sources)
{
    private readonly TextBuffer _text = new();
    private ArrayBufferWriter<byte>? _logprobs;

    public bool IsRefusal => isRefusal;

    public ValueTask BeginAsync(CancellationToken ct) => sink.EmitAsync("response.content_part.added", json =>
    {
        WritePlace(json);
        json.WritePropertyName("part"u8);
        WritePart(json, default, []);
    }, ct);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> delta, ReadOnlyMemory<byte> logprobs, CancellationToken ct)
    {
        _text.Append(delta);
        if (isRefusal)
        {
            return sink.EmitAsync("response.refusal.delta", (Writer: this, Delta: delta), static (json, state) =>
            {
                state.Writer.WritePlace(json);
                json.WriteString("delta"u8, state.Delta.Span);
            }, ct);
        }

        Keep(logprobs);
        return sink.EmitAsync("response.output_text.delta", (Writer: this, Delta: delta, Logprobs: logprobs), static (json, state) =>
        {
            state.Writer.WritePlace(json);
            json.WriteString("delta"u8, state.Delta.Span);
            json.WritePropertyName("logprobs"u8);
            json.WriteRawValue(state.Logprobs.IsEmpty ? "[]"u8 : state.Logprobs.Span, skipInputValidation: true);
        }, ct);
    }

    /// <returns>The finished part.</returns>
    public async ValueTask<JsonElement> EndAsync(CancellationToken ct)
    {
        var citations = isRefusal || !sources.Any ? [] : sources.FindIn(_text.ToString());
        for (var i = 0; i < citations.Count; i++)
        {
            var at = i;
            await sink.EmitAsync("response.output_text.annotation.added", json =>
            {
                WritePlace(json);
                json.WriteNumber("annotation_index"u8, at);
                json.WritePropertyName("annotation"u8);
                citations[at].Write(json);
            }, ct);
        }

        await sink.EmitAsync(isRefusal ? "response.refusal.done" : "response.output_text.done", json =>
        {
            WritePlace(json);
            json.WriteString(isRefusal ? "refusal"u8 : "text"u8, _text.Utf8.Span);
            if (!isRefusal)
            {
                WriteLogprobs(json);
            }
        }, ct);
        var part = ItemJson.Build(json => WriteMembers(json, _text.Utf8, citations));
        await sink.EmitAsync("response.content_part.done", json =>
        {
            WritePlace(json);
            json.WritePropertyName("part"u8);
            part.WriteTo(json);
        }, ct);
        return part;
    }

    /// <summary>The part as it is now.</summary>
    public JsonElement Snapshot() => ItemJson.Build(json => WriteMembers(json, _text.Utf8, []));

    private void Keep(ReadOnlyMemory<byte> logprobs)
    {
        // Arrays that follow each other become one: their brackets go.
        if (logprobs.Length <= 2)
        {
            return;
        }

        _logprobs ??= new(1024);
        _logprobs.Write(_logprobs.WrittenCount == 0 ? "["u8 : ","u8);
        _logprobs.Write(logprobs.Span[1..^1]);
    }

    private void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, itemId);
        json.WriteNumber("output_index"u8, outputIndex);
        json.WriteNumber("content_index"u8, contentIndex);
    }

    private void WritePart(Utf8JsonWriter json, ReadOnlyMemory<byte> text, IReadOnlyList<Citation> citations)
    {
        json.WriteStartObject();
        WriteMembers(json, text, citations);
        json.WriteEndObject();
    }

    private void WriteMembers(Utf8JsonWriter json, ReadOnlyMemory<byte> text, IReadOnlyList<Citation> citations)
    {
        json.WriteString("type"u8, isRefusal ? "refusal"u8 : "output_text"u8);
        json.WriteString(isRefusal ? "refusal"u8 : "text"u8, text.Span);
        if (isRefusal)
        {
            return;
        }

        json.WriteStartArray("annotations"u8);
        foreach (var citation in citations)
        {
            citation.Write(json);
        }

        json.WriteEndArray();
        WriteLogprobs(json);
    }

    private void WriteLogprobs(Utf8JsonWriter json)
    {
        if (_logprobs is null)
        {
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
            return;
        }

        json.WritePropertyName("logprobs"u8);
        json.WriteRawValue([.. _logprobs.WrittenSpan, (byte)']'], skipInputValidation: true);
    }
}
