using System.Buffers;

namespace JanServer.ResponseApi.Events;

/// <summary>UTF-8 that grows with a stream.</summary>
internal sealed class TextBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public int Length => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> Utf8 => _bytes.WrittenMemory;

    public void Append(ReadOnlyMemory<byte> text) => _bytes.Write(text.Span);

    public override string ToString() => System.Text.Encoding.UTF8.GetString(_bytes.WrittenSpan);
}
