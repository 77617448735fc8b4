using System.Buffers;
using System.Globalization;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>
/// What addresses are told: OpenAI's event, with those members of the reference's message that OpenAI's has not. The reference's <c>id</c> is
/// the response's, which is <c>data.id</c> here.
/// </summary>
internal static class WebhookPayload
{
    // What is longer is fetched by who wants it.
    private const int MaxOutput = 64 << 10;

    public static byte[] Of(Response response, Id<WebhookEvent> id, string name, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id.ToString());
            json.WriteString("object"u8, "event"u8);
            json.WriteString("type"u8, name);
            json.WriteNumber("created_at"u8, at.ToUnixTimeSeconds());
            json.WriteStartObject("data"u8);
            json.WriteString("id"u8, response.Id.ToString());
            json.WriteEndObject();
            WriteReference(json, response, name, at);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteReference(Utf8JsonWriter json, Response response, string name, DateTimeOffset at)
    {
        json.WriteString("event"u8, name);
        json.WriteString("response_id"u8, response.Id.ToString());
        json.WriteString("status"u8, response.Progress.Status);
        json.WriteString("completed_at"u8, at.ToString("O", CultureInfo.InvariantCulture));
        if (response.Progress.Error is { } error)
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }

        if (response.Request.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (key, value) in response.Request.Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        if (TextOf(response) is { Length: > 0 and <= MaxOutput } text)
        {
            json.WriteString("output"u8, text);
        }
    }

    private static string TextOf(Response response) => string.Concat(
        from item in response.Progress.Output
        where item.Text("type") == "message" && item.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
        from part in item.GetProperty("content").EnumerateArray()
        where part.Text("type") == "output_text"
        select part.Text("text"));
}
