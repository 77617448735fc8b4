using System.Net;
using System.Text.Json.Nodes;
using JanServer.Testing;

namespace JanServer.Gateway.Tests;

/// <summary>The error envelope as a client reads it.</summary>
internal sealed record ErrorAnswer(string Message, string Type, string Code, string? RequestId);

internal static class Answers
{
    /// <summary>Asks and expects an error of this status in our envelope.</summary>
    public static async Task<ErrorAnswer> ErrorAsync(this HttpClient client, HttpStatusCode status, string path, HttpContent? body = null)
    {
        // Not relative to the base address: a path that begins with two slashes would become a host.
        var address = client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path;
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, address) { Content = body };
        using var response = await client.SendAsync(request).Soon();
        return await response.ErrorAsync(status);
    }

    /// <summary>Expects an error of this status in our envelope.</summary>
    public static async Task<ErrorAnswer> ErrorAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync().Soon();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        var json = JsonNode.Parse(text)!;
        var error = json["error"]!;
        return new(
            error["message"]!.GetValue<string>(),
            error["type"]!.GetValue<string>(),
            error["code"]!.GetValue<string>(),
            json["request_id"]?.GetValue<string>());
    }

    /// <summary>The one value of a header, or null.</summary>
    public static string? HeaderOrNull(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
}
