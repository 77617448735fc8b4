using System.Net;
using System.Text;
using System.Text.Json;
using JanServer.Testing;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.External.Fixtures;

internal static class Requests
{
    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return client.SendAsync(request);
    }

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await answer.Soon();
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The error, which must name <paramref name="param"/>.</summary>
    public static async Task<JsonElement> ErrorAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string? param = null)
    {
        var error = (await answer.JsonAsync(status)).GetProperty("error");
        Assert.Equal(param, error.GetProperty("param").GetString());
        return error;
    }

    /// <summary>Registers a server and returns its id.</summary>
    public static async Task<string> RegisterAsync(this HttpClient client, object server, string path = "/v1/mcp/servers") =>
        (await client.SendAsync("POST", path, server).JsonAsync(HttpStatusCode.Created)).Text("id");

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>The text of a result.</summary>
    public static string Text(this CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
