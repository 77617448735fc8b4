using System.Net;
using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Upstreams;

public class FailoverTests
{
    private sealed class Host : LlmApiFactory, IAsyncDisposable
    {
        public FakeUpstream Second { get; private set; } = null!;

        public static async Task<Host> StartAsync(string breakerPause = "00:00:10")
        {
            var host = new Host();
            host["Upstreams:RetryPause"] = "00:00:00";
            host["Upstreams:BreakerPause"] = breakerPause;
            host["Completions:StreamIdle"] = "00:00:00.200";
            host["Providers:0:TimeoutSeconds"] = "1";
            await host.InitializeAsync();
            return host;
        }

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            Second = await AddUpstreamAsync(Model);
        }

        async ValueTask IAsyncDisposable.DisposeAsync() => await ((IAsyncLifetime)this).DisposeAsync();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Another_provider_of_the_model_answers_for_one_that_fails(int status)
    {
        await using var api = await Host.StartAsync();
        api.Upstream.Always("/v1/chat/completions", x => x.ErrorAsync(status, "x", "no"));
        api.Second.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("second")));
        using var response = await api.Client().ChatAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(status == 500 ? 2 : 1, api.Upstream.Requests.Count);
        Assert.Single(api.Second.Requests);
    }

    [Fact]
    public async Task A_request_that_is_refused_is_not_tried_elsewhere()
    {
        await using var api = await Host.StartAsync();
        api.Upstream.Always("/v1/chat/completions", x => x.ErrorAsync(400, "x", "bad"));
        using var response = await api.Client().ChatAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(api.Second.Requests);
    }

    [Fact]
    public async Task A_stream_moves_on_before_its_first_event_and_not_after()
    {
        await using var api = await Host.StartAsync();
        api.Second.Always("/v1/chat/completions", x => OpenAIShapes.StreamAsync(x, "second"));

        api.Upstream.Always("/v1/chat/completions", x => x.StartStreamAsync());
        Assert.Equal("second", await FirstAsync(api));

        api.Upstream.Always("/v1/chat/completions", x => x.StallAsync());
        Assert.Equal("second", await FirstAsync(api));

        api.Upstream.Always("/v1/chat/completions", x => x.EventAsync(OpenAIShapes.Chunk("first")));
        var before = api.Second.Requests.Count;
        Assert.Equal("first", await FirstAsync(api));
        Assert.Equal(before, api.Second.Requests.Count);
    }

    [Fact]
    public async Task When_all_fail_the_client_hears_of_the_limit_rather_than_of_the_outage()
    {
        await using var api = await Host.StartAsync();
        api.Upstream.Always("/v1/chat/completions", x => x.ErrorAsync(429, "x", "slow down"));
        api.Second.Always("/v1/chat/completions", x => x.ErrorAsync(500, "x", "boom"));
        using var response = await api.Client().ChatAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_left_alone_and_comes_back_by_itself()
    {
        await using var api = await Host.StartAsync(breakerPause: "00:00:00.500");
        api.Upstream.Always("/v1/chat/completions", x => x.ErrorAsync(500, "x", "boom"));
        api.Second.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("second")));
        for (var i = 0; i < 4; i++)
        {
            using var response = await api.Client().ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.InRange(api.Upstream.Requests.Count, 5, 6);
        Assert.Equal(4, api.Second.Requests.Count);

        api.Upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("first")));
        await Eventually.True(async () =>
        {
            using var response = await api.Client().ChatAsync();
            return (await response.Content.ReadAsStringAsync()).Contains("first", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_provider_that_refuses_connections_is_a_503()
    {
        await using var api = new Host();
        await api.InitializeAsync();
        await api.Second.DisposeAsync();
        await api.Upstream.DisposeAsync();
        using var response = await api.Client().ChatAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static async Task<string> FirstAsync(Host api)
    {
        using var response = await api.Client().StreamAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var events = await SseReader.OpenAsync(response);
        return (await events.RestAsync())[0].Json["choices"]![0]!["delta"]!["content"]!.GetValue<string>();
    }
}
