using System.Buffers;
using System.Buffers.Text;
using System.Text.Json.Serialization;

namespace JanServer.MediaApi.Uploads;

/// <summary>
/// The content of a <c>data:</c> URL. It is decoded as it is read: a file of 20 MiB would else be a string of 54 MB first. What it says
/// to be is not kept, since the content decides.
/// </summary>
[JsonConverter(typeof(DataUrlConverter))]
public sealed class DataUrl
{
    private DataUrl(ReadOnlyMemory<byte>? content) => Content = content;

    /// <summary>The file; null when the text is no <c>data:</c> URL in Base64.</summary>
    public ReadOnlyMemory<byte>? Content { get; }

    internal static DataUrl Read(Span<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        if (comma < 0 || !text.StartsWith("data:"u8) || !text[..comma].EndsWith(";base64"u8))
        {
            return new(null);
        }

        var encoded = text[(comma + 1)..];
        var content = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        return Base64.DecodeFromUtf8(encoded, content, out _, out var length) is OperationStatus.Done
            ? new(content.AsMemory(0, length))
            : new(null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Content?.Length} bytes";
}
