using System.Net.Http.Json;
using JanServer.Testing;
using JanServer.Testing.Streams;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary><c>kill -9</c> of one service after the other while a client is reading an answer.</summary>
[Collection(SharedSystem.Name)]
public sealed class CrashTests(JanServerSystem system)
{
    private const string LongRequest =
        """{"model":"jan-demo","stream":true,"messages":[{"role":"user","content":"Repeat this: one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"}]}""";

    [Theory]
    [InlineData("llm-api")]
    [InlineData("inference")]
    public async Task A_service_that_dies_mid_stream_ends_the_stream_with_an_error_and_comes_back(string service)
    {
        using var client = system.Client(await system.ApiKeyAsync(await system.AdminTokenAsync()));
        using var answer = await StartStreamAsync(client);
        using var reader = await SseReader.OpenAsync(answer);
        Assert.NotNull(await reader.NextAsync());

        system.Kill(service);
        var rest = await reader.RestAsync();

        Assert.True(rest[^1].IsDone, "the stream ends as a stream");
        Assert.NotNull(rest[^2].Json["error"]?["message"]);
        await WorksAgainAsync(client);
    }

    [Theory]
    [InlineData("accounts")]
    [InlineData("identity")]
    [InlineData("postgres")]
    public async Task A_service_beside_the_stream_may_die_and_the_stream_does_not_notice(string service)
    {
        using var client = system.Client(await system.ApiKeyAsync(await system.AdminTokenAsync()));
        using var answer = await StartStreamAsync(client);
        using var reader = await SseReader.OpenAsync(answer);
        Assert.NotNull(await reader.NextAsync());

        system.Kill(service);
        var rest = await reader.RestAsync();

        Assert.True(rest[^1].IsDone);
        Assert.DoesNotContain(rest.SkipLast(1), e => e.Json["error"] is not null);
        await WorksAgainAsync(client);
    }

    private static async Task<HttpResponseMessage> StartStreamAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(LongRequest, System.Text.Encoding.UTF8, "application/json"),
        };
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString());
        return answer;
    }

    /// <summary>Chatting works, what was stored before is still there, and newcomers can sign in.</summary>
    private Task WorksAgainAsync(HttpClient client) => Eventually.Succeeds(async () =>
    {
        using var chat = await client.PostAsJsonAsync(
            "/v1/chat/completions",
            new { model = "jan-demo", messages = new[] { new { role = "user", content = "Hello" } } });
        await JanServerSystem.ReadAsync(chat);
        var keys = await JanServerSystem.ReadAsync(await client.GetAsync(new Uri("/auth/api-keys", UriKind.Relative)));
        Assert.Equal(1, keys.GetProperty("items").GetArrayLength());
        await system.GuestTokenAsync();
    });
}
