using System.Net;
using System.Net.Http.Headers;
using System.Text;
using JanServer.Inference.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Tests.Access;

public sealed class AccessTests
{
    private const string Hi = """{"model":"jan-demo","messages":[{"role":"user","content":"say hi"}]}""";
    private const string Slow = """{"model":"jan-demo","stream":true,"messages":[{"role":"user","content":"Who are you?"}]}""";

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic secret-key", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer secret-key", HttpStatusCode.OK)]
    public async Task With_a_key_only_the_key_is_let_in(string? authorization, HttpStatusCode expected)
    {
        using var engine = EngineHost.With(("Inference:ApiKey", "secret-key"));
        using var client = engine.CreateClient();
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        using var answer = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        using var probe = await client.GetAsync(new Uri("/health", UriKind.Relative));

        Assert.Equal(expected, answer.StatusCode);
        var isError = (await answer.Content.ReadAsStringAsync()).Contains("\"error\"", StringComparison.Ordinal);
        Assert.Equal(expected == HttpStatusCode.Unauthorized, isError);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.5", HttpStatusCode.Forbidden)]
    [InlineData("::ffff:203.0.113.5", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("::1", HttpStatusCode.OK)]
    public async Task Without_a_key_only_this_machine_is_let_in(string address, HttpStatusCode expected)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) }, Response = { Body = Stream.Null } };
        context.Request.Headers["X-Forwarded-For"] = "127.0.0.1";

        await new EngineAccess(_ => Task.CompletedTask, Options.Create(new InferenceOptions())).InvokeAsync(context);

        Assert.Equal((int)expected, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_full_engine_without_a_queue_refuses_with_retry_after()
    {
        using var engine = EngineHost.With(
            ("Inference:MaxConcurrency", "1"), ("Inference:MaxQueue", "0"), ("Inference:Demo:TokensPerSecond", "2"));
        using var client = engine.CreateClient();
        using var stream = await BeginAsync(client);

        var answer = await engine.PostAsync("/v1/chat/completions", Hi);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal("rate_limit_exceeded", answer.Error.GetProperty("code").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_request_that_waits_too_long_for_a_place_is_refused_with_retry_after()
    {
        using var engine = EngineHost.With(
            ("Inference:MaxConcurrency", "1"),
            ("Inference:MaxQueue", "1"),
            ("Inference:QueueSeconds", "1"),
            ("Inference:Demo:TokensPerSecond", "2"));
        using var client = engine.CreateClient();
        using var stream = await BeginAsync(client);

        var answer = await engine.PostAsync("/v1/chat/completions", Hi);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        using var engine = EngineHost.With(("Inference:MaxRequestBytes", "2048"));

        var answer = await engine.PostAsync("/v1/chat/completions", Hi.Replace("say hi", new string('x', 4096), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("request_too_large", answer.Error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_unknown_route_is_a_404_in_the_envelope()
    {
        using var engine = new EngineHost();
        var answer = await engine.PostAsync("/v1/nothing", "{}");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("not_found", answer.Error.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Inference:MaxConcurrency", "0")]
    [InlineData("Inference:Demo:TokensPerSecond", "-1")]
    public void A_bad_setting_stops_the_start(string key, string value)
    {
        using var engine = EngineHost.With((key, value));

        Assert.ThrowsAny<Exception>(() => engine.Address);
    }

    /// <summary>Starts a stream that holds the engine's one place until the response is disposed of.</summary>
    private static async Task<HttpResponseMessage> BeginAsync(HttpClient client)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Slow, Encoding.UTF8, "application/json"),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
