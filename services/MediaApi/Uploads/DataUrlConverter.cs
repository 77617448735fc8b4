using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.MediaApi.Uploads;

/// <summary>Decodes a data URL out of the request's own bytes.</summary>
internal sealed class DataUrlConverter : JsonConverter<DataUrl>
{
    public override DataUrl Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            throw new JsonException("A data URL is a string.");
        }

        var size = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        var text = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            // Also undoes escapes: some clients write + as \u002B.
            return DataUrl.Read(text.AsSpan(0, reader.CopyString(text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    public override void Write(Utf8JsonWriter writer, DataUrl value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Data URLs are only read.");
}
