using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Images;

/// <summary>Has llm-api make images for the caller, whose limits, budget and files they are.</summary>
internal sealed class ImageCalls(IHttpClientFactory clients, IOptions<ImageOptions> options)
{
    public const string Client = "llm-api";

    // Links are small; images themselves come only when they could not be stored.
    private const int MaxAnswerBytes = 64 << 20;

    /// <summary>The tool's result: links to the images, or the images themselves when llm-api could not store them.</summary>
    /// <param name="call">Arguments that llm-api's route knows by the same names.</param>
    /// <param name="path">The route.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<CallToolResult> AskAsync(ToolCall call, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(Body(call.Arguments), Encoding.UTF8, "application/json"),
        };
        using var client = clients.CreateClient(Client);
        client.MaxResponseContentBufferSize = MaxAnswerBytes;
        using var response = await client.SendAsync(request.For(call.Caller), ct);
        var json = Parse(await response.Content.ReadAsByteArrayAsync(ct));
        return response.IsSuccessStatusCode && json is not null && Result(json) is { } result ? result
            : response.IsSuccessStatusCode ? ToolResults.Error("The image service answered what is no list of images.")
            : ToolResults.Error(Meaning(response.StatusCode, json));
    }

    private string Body(JsonElement arguments)
    {
        var body = JsonObject.Create(arguments)!;
        foreach (var (name, value) in body.ToList())
        {
            if (value is null)
            {
                body.Remove(name);
            }
        }

        if (body["model"] is null && options.Value.Model is { Length: > 0 } model)
        {
            body["model"] = model;
        }

        body["response_format"] = "url";
        return body.ToJsonString();
    }

    private static CallToolResult? Result(JsonObject answer)
    {
        if (answer["data"] is not JsonArray { Count: > 0 } images)
        {
            return null;
        }

        var blocks = new List<ContentBlock>(images.Count);
        foreach (var image in images)
        {
            if (image is not JsonObject one)
            {
                return null;
            }

            if (Text(one, "url") is { } url)
            {
                blocks.Add(new ResourceLinkBlock { Uri = url, Name = Text(one, "id") ?? "image", Description = Text(one, "revised_prompt") });
            }
            else if (Text(one, "b64_json") is { } encoded && Base64.IsValid(encoded))
            {
                var bytes = Convert.FromBase64String(encoded);
                blocks.Add(ImageContentBlock.FromBytes(bytes, TypeOf(bytes)));
                one.Remove("b64_json");
            }
            else
            {
                return null;
            }
        }

        var result = ToolResults.Of(JsonElement.Parse(answer.ToJsonString()));
        result.Content = [.. result.Content, .. blocks];
        return result;
    }

    /// <summary>What a status means to who asked for images, with what llm-api says about it.</summary>
    private static string Meaning(HttpStatusCode status, JsonObject? answer)
    {
        var said = answer?["error"] is JsonObject error && Text(error, "message") is { Length: > 0 } message ? $" {message}" : "";
        return status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => $"The request for images is not accepted.{said}",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"This credential may not make images.{said}",
            HttpStatusCode.PaymentRequired => $"The budget for images is used up.{said}",
            HttpStatusCode.NotFound => $"The model, conversation or image was not found.{said}",
            HttpStatusCode.RequestEntityTooLarge => $"The image to start from is too large.{said}",
            HttpStatusCode.TooManyRequests => $"A limit is reached; try again later.{said}",
            HttpStatusCode.GatewayTimeout => $"The image model did not answer in time.{said}",
            HttpStatusCode.NotImplemented => $"This is not offered.{said}",
            _ => $"The image model failed with status {(int)status}.{said}",
        };
    }

    private static JsonObject? Parse(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject one, string name) =>
        one[name] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    private static string TypeOf(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? "image/png"
        : bytes is [0xFF, 0xD8, ..] ? "image/jpeg"
        : bytes.StartsWith("GIF8"u8) ? "image/gif"
        : bytes.StartsWith("RIFF"u8) ? "image/webp"
        : "application/octet-stream";
}
