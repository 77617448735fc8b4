using System.Net;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Conversations;

/// <summary>Drives the API of conversations as one user.</summary>
internal sealed class Talk(LlmApiFactory api, Caller? caller = null) : IDisposable
{
    private readonly HttpClient _client = api.ClientFor(caller ?? TestCallers.User());

    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/v1/conversations{path}", UriKind.Relative))
        {
            Content = json is null ? null : LlmApiRequests.Json(json),
        };
        using var response = await _client.SendAsync(request).Soon();
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    public async Task<JsonNode> GetAsync(string path) => Ok(await SendAsync(HttpMethod.Get, path));

    public async Task<JsonNode> PostAsync(string path, string json = "{}") => Ok(await SendAsync(HttpMethod.Post, path, json));

    public async Task<JsonNode> DeleteAsync(string path) => Ok(await SendAsync(HttpMethod.Delete, path));

    /// <summary>Makes a conversation with messages, by turns of the user and the assistant.</summary>
    public async Task<string> StartAsync(params string[] says)
    {
        var items = new JsonArray([.. says.Select((text, i) => (JsonNode)new JsonObject
        {
            ["type"] = "message",
            ["role"] = i % 2 == 0 ? "user" : "assistant",
            ["content"] = text,
        })]);
        return (await PostAsync("", new JsonObject { ["items"] = items }.ToJsonString())).Text("id");
    }

    /// <summary>What is said on a branch, the oldest first, as <c>(id, text)</c>.</summary>
    public async Task<List<(string Id, string Text)>> SaidAsync(string conversation, string? branch = null)
    {
        var list = await GetAsync($"/{conversation}/items?order=asc&limit=100{(branch is null ? "" : $"&branch={branch}")}");
        return [.. list["data"]!.AsArray().Select(item => (item!.Text("id"), item!["content"]?[0]?["text"]?.GetValue<string>() ?? item!.Text("type")))];
    }

    public async Task<string[]> TextsAsync(string conversation, string? branch = null) =>
        [.. (await SaidAsync(conversation, branch)).Select(item => item.Text)];

    public void Dispose() => _client.Dispose();

    private static JsonNode Ok((HttpStatusCode Status, JsonNode Body) answer)
    {
        Assert.True((int)answer.Status is >= 200 and < 300, $"{answer.Status}: {answer.Body.ToJsonString()}");
        return answer.Body;
    }
}

internal static class JsonNodes
{
    public static string Text(this JsonNode node, string member) => node[member]!.GetValue<string>();

    public static void IsRefused(this (HttpStatusCode Status, JsonNode Body) answer, HttpStatusCode status, string? param = null)
    {
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Body.ToJsonString()}");
        Assert.Equal(param, answer.Body["error"]!["param"]?.GetValue<string>());
    }
}
