using System.Net;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Turns;

public class TurnOutageTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task A_conversation_that_cannot_begin_is_an_error_and_no_answer_without_it()
    {
        using var client = api.Client();
        api.Upstream.NextChat(async x =>
        {
            await api.Database.GoAwayAsync();
            await x.JsonAsync(OpenAIShapes.Completion("hello"));
        });
        using var whole = await client.ChatAsync("""{"model":"vendor/model","conversation":"","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, whole.StatusCode);

        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "hello"));
        using var stream = await client.StreamAsync(
            """{"model":"vendor/model","stream":true,"conversation":"","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, stream.StatusCode);
        await api.Database.ComeBackAsync();
    }
}
