using System.Net;
using System.Text.Json;

namespace JanServer.Accounts.Tests.Fixtures;

/// <summary>What tests say about answers.</summary>
internal static class HttpAssertions
{
    /// <summary>The body, after checking the status.</summary>
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> request, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Checks the error's status and returns its body's <c>error</c>.</summary>
    public static async Task<JsonElement> ErrorAsync(this Task<HttpResponseMessage> request, HttpStatusCode status) =>
        (await request.JsonAsync(status)).GetProperty("error");

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
