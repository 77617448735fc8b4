using System.Net;
using System.Text.Json.Nodes;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.StoredCompletions;

public class StoredCompletionTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const string Body =
        """{"model":"vendor/model","store":true,"temperature":0,"metadata":{"topic":"cats"},"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"hi"}]}]}""";

    [Fact]
    public async Task A_completion_that_is_kept_can_be_read_by_the_id_its_client_was_given()
    {
        using var ann = api.Client();
        var answer = await AskAsync(ann, Body);
        var id = (string)answer["id"]!;
        Assert.StartsWith("chatcmpl_", id, StringComparison.Ordinal);

        var stored = await GetAsync(ann, $"/v1/chat/completions/{id}");
        Assert.Equal(id, (string)stored["id"]!);
        Assert.Equal("chat.completion", (string)stored["object"]!);
        Assert.Equal("vendor/model", (string)stored["model"]!);
        Assert.Equal("hello", (string)stored["choices"]![0]!["message"]!["content"]!);
        Assert.Equal("stop", (string)stored["choices"]![0]!["finish_reason"]!);
        Assert.Equal(8, (int)stored["usage"]!["total_tokens"]!);
        Assert.Equal("cats", (string)stored["metadata"]!["topic"]!);
        Assert.Equal(0, (int)stored["temperature"]!);

        using var bob = api.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync(new Uri($"/v1/chat/completions/{id}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_stream_is_kept_as_a_whole_completion()
    {
        using var ann = api.Client();
        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "hel", "lo"));
        using var response = await ann.StreamAsync(
            """{"model":"vendor/model","stream":true,"store":true,"messages":[{"role":"user","content":"hi"}]}""");
        using var events = await SseReader.OpenAsync(response);
        var ids = new HashSet<string>();
        while (await events.NextAsync() is { IsDone: false } next)
        {
            ids.Add((string)next.Json["id"]!);
        }

        var stored = await GetAsync(ann, $"/v1/chat/completions/{ids.Single()}");
        Assert.Equal("hello", (string)stored["choices"]![0]!["message"]!["content"]!);
        Assert.Equal(2, (int)stored["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task What_is_not_to_be_kept_is_not()
    {
        using var ann = api.Client();
        var answer = await AskAsync(ann, """{"model":"vendor/model","store":false,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal("chatcmpl-fake", (string)answer["id"]!);
        Assert.Empty((await GetAsync(ann, "/v1/chat/completions"))["data"]!.AsArray());
    }

    [Fact]
    public async Task The_list_is_paged_and_filtered()
    {
        using var ann = api.Client();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var topic = i == 1 ? "dogs" : "cats";
            ids.Add((string)(await AskAsync(ann, Body.Replace("cats", topic, StringComparison.Ordinal)))["id"]!);
        }

        Assert.Equal(ids, await IdsAsync(ann, ""));
        Assert.Equal(ids[..2], await IdsAsync(ann, "?limit=2"));
        Assert.Equal(ids[2..], await IdsAsync(ann, $"?limit=2&after={ids[1]}"));
        Assert.Equal([ids[2], ids[1], ids[0]], await IdsAsync(ann, "?order=desc"));
        Assert.Equal([ids[1]], await IdsAsync(ann, "?metadata[topic]=dogs"));
        Assert.Empty(await IdsAsync(ann, "?model=other"));
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.GetAsync(new Uri("/v1/chat/completions?limit=0", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Its_metadata_can_be_replaced_within_the_rules()
    {
        using var ann = api.Client();
        var id = (string)(await AskAsync(ann, Body))["id"]!;
        var url = new Uri($"/v1/chat/completions/{id}", UriKind.Relative);
        using var changed = await ann.PostAsync(url, LlmApiRequests.Json("""{"metadata":{"a":"b"}}"""));
        Assert.Equal("""{"a":"b"}""", JsonNode.Parse(await changed.Content.ReadAsStringAsync())!["metadata"]!.ToJsonString());

        foreach (var (body, param) in new[]
        {
            ("{}", "metadata"),
            ("{\"metadata\":{\"k\":\"" + new string('x', 513) + "\"}}", "metadata.k"),
            ("""{"metadata":{"":"x"}}""", "metadata"),
        })
        {
            using var refused = await ann.PostAsync(url, LlmApiRequests.Json(body));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal(param, (string)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!["param"]!);
        }
    }

    [Fact]
    public async Task Deleting_it_deletes_it()
    {
        using var ann = api.Client();
        var url = new Uri($"/v1/chat/completions/{(await AskAsync(ann, Body))["id"]}", UriKind.Relative);
        using var deleted = await ann.DeleteAsync(url);
        Assert.Equal("chat.completion.deleted", (string)JsonNode.Parse(await deleted.Content.ReadAsStringAsync())!["object"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.DeleteAsync(url)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task Its_messages_are_listed_with_ids()
    {
        using var ann = api.Client();
        var id = (string)(await AskAsync(ann, Body))["id"]!;
        var messages = await GetAsync(ann, $"/v1/chat/completions/{id}/messages");
        Assert.Equal([("system", "s"), ("user", "hi")], messages["data"]!.AsArray().Select(one => ((string)one!["role"]!, (string)one["content"]!)));
        Assert.NotNull(messages["data"]![1]!["content_parts"]);
        var second = await GetAsync(ann, $"/v1/chat/completions/{id}/messages?after={messages["first_id"]}");
        Assert.Equal(messages["last_id"]!.ToJsonString(), second["data"]![0]!["id"]!.ToJsonString());
    }

    private async Task<JsonNode> AskAsync(HttpClient client, string body)
    {
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("hello")));
        using var response = await client.ChatAsync(body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<List<string>> IdsAsync(HttpClient client, string query) =>
        [.. (await GetAsync(client, "/v1/chat/completions" + query))["data"]!.AsArray().Select(one => (string)one!["id"]!)];
}
