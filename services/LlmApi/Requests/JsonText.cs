using System.Text.Encodings.Web;
using System.Text.Json;

namespace JanServer.LlmApi.Requests;

/// <summary>Strings of a request body: from their bytes and back.</summary>
internal static class JsonText
{
    /// <summary>What a JSON string with its quotes says; null when that is no Unicode text, as half a surrogate pair is none.</summary>
    public static string? Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The inside of the JSON string of a text.</summary>
    public static ReadOnlySpan<byte> Inside(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;

    /// <summary>The JSON string of a text.</summary>
    public static byte[] Encode(string text) => [(byte)'"', .. Inside(text), (byte)'"'];
}
