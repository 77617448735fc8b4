using System.Net;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Providers;

public class EngineDiscoveryTests
{
    private sealed class Host : LlmApiFactory, IAsyncDisposable
    {
        async ValueTask IAsyncDisposable.DisposeAsync() => await ((IAsyncLifetime)this).DisposeAsync();
    }

    [Fact]
    public async Task An_engine_on_this_machine_is_offered_while_it_lives()
    {
        var engine = await FakeUpstream.StartAsync();
        engine.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("local/llama")));
        engine.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        await using var api = new Host();
        api["EngineDiscovery:Enabled"] = "true";
        api["EngineDiscovery:Period"] = "00:00:00.050";
        api["EngineDiscovery:Places:0"] = $"engine={engine.BaseAddress}";
        api["EngineDiscovery:Places:1"] = "nobody=http://127.0.0.1:9";
        await api.InitializeAsync();
        using var client = api.Client();
        var model = new Uri("/v1/models/local/llama", UriKind.Relative);

        await Eventually.True(async () => (await client.GetAsync(model)).IsSuccessStatusCode);
        using var answer = await client.ChatAsync("""{"model":"local/llama","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await engine.DisposeAsync();
        await Eventually.True(async () => (await client.GetAsync(model)).StatusCode == HttpStatusCode.NotFound);
    }
}
