using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Compaction;

/// <summary>How many tokens an input is.</summary>
/// <param name="Count">About: models have tokenizers of their own.</param>
public sealed record InputTokens([property: JsonPropertyName("input_tokens")] int Count)
{
    /// <summary>Always <c>response.input_tokens</c>.</summary>
    public string Object => "response.input_tokens";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(InputTokens))]
internal sealed partial class CompactionJson : JsonSerializerContext;

/// <summary>Counts what a model would be sent, as OpenAI describes it for its chat models.</summary>
internal static class InputTokenCount
{
    // What stands around each message, and before the answer.
    private const int PerMessage = 3;
    private const int PerAnswer = 3;

    // A picture of usual size at usual detail.
    private const int PerImage = 765;

    public static int Of(Response response)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            ChatMessages.Write(json, response.Request.Instructions, [.. response.Context, .. response.Input]);
        }

        var messages = ItemJson.Parse(buffer.WrittenSpan);
        return PerAnswer
            + messages.EnumerateArray().Sum(message => PerMessage + OfValue(message))
            + response.Request.Tools.Sum(tool => TokenCount.Of(tool.GetRawText()));
    }

    private static int OfValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TokenCount.Of(value.GetString()!),
        JsonValueKind.Array => value.EnumerateArray().Sum(OfValue),
        JsonValueKind.Object when value.TryGetProperty("image_url", out _) => PerImage,
        JsonValueKind.Object => value.EnumerateObject().Where(member => !member.NameEquals("type"u8)).Sum(member => OfValue(member.Value)),
        _ => 0,
    };
}
