using System.Net;
using System.Text;
using JanServer.Testing;
using Microsoft.AspNetCore.Http;

namespace JanServer.Gateway.Tests.Forwarding;

public sealed class FailureTests
{
    [Fact]
    public async Task A_service_that_is_down_is_503_with_a_time_to_come_back()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway["services:llm-api:http:0"] = $"http://127.0.0.1:{TestService.FreePort()}";
        gateway["Gateway:Forwarding:ConnectRetrySeconds"] = "0";
        using var client = gateway.ClientWith(gateway.NewKey());

        using var response = await PostAsync(client);

        var error = await response.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("service_unavailable", error.Code);
        Assert.Equal(response.HeaderOrNull("X-Request-Id"), error.RequestId);
        Assert.Equal("1", response.HeaderOrNull("Retry-After"));
    }

    [Fact]
    public async Task A_request_waits_for_a_service_that_restarts()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        var port = TestService.FreePort();
        gateway["services:llm-api:http:0"] = $"http://127.0.0.1:{port}";
        gateway["Gateway:Forwarding:ConnectRetrySeconds"] = "60";
        using var client = gateway.ClientWith(gateway.NewKey());

        var asked = PostAsync(client);
        await Eventually.True(() => gateway.Accounts.Requests.Count > 0);
        await using var service = await TestService.StartAsync(EchoAsync, port);

        using var response = await asked;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("the body", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_replica_answers_for_one_that_is_down()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        await using var service = await TestService.StartAsync(EchoAsync);
        gateway["services:llm-api:http:0"] = $"http://127.0.0.1:{TestService.FreePort()}";
        gateway["services:llm-api:http:1"] = service.Address;
        using var client = gateway.ClientWith(gateway.NewKey());

        for (var i = 0; i < 20; i++)
        {
            using var response = await PostAsync(client);
            Assert.Equal("the body", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_connection_lost_before_the_answer_is_502_and_nothing_is_sent_twice()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        var asked = 0;
        await using var service = await TestService.StartAsync(async context =>
        {
            Interlocked.Increment(ref asked);
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Abort();
        });
        gateway["services:llm-api:http:0"] = service.Address;
        using var client = gateway.ClientWith(gateway.NewKey());

        using var response = await PostAsync(client);

        Assert.Equal("upstream_error", (await response.ErrorAsync(HttpStatusCode.BadGateway)).Code);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_504()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        await using var service = await TestService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        gateway["services:llm-api:http:0"] = service.Address;
        gateway["Gateway:Forwarding:ActivityTimeoutSeconds"] = "1";
        using var client = gateway.ClientWith(gateway.NewKey());

        using var response = await PostAsync(client);

        Assert.Equal("upstream_timeout", (await response.ErrorAsync(HttpStatusCode.GatewayTimeout)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_413_and_names_the_limit(bool announced)
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway["Gateway:MaxBodyBytesOf:llm-api"] = "1024";
        gateway.LlmApi.Always("/v1/chat/completions", exchange => exchange.JsonAsync("{}"));
        using var client = gateway.ClientWith(gateway.NewKey());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(new string('x', 100_000)),
        };
        request.Headers.TransferEncodingChunked = !announced;

        using var response = await client.SendAsync(request).Soon();

        var error = await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Contains("1024 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_holds_for_its_service_alone()
    {
        await using var gateway = await GatewayFactory.NewAsync();
        gateway["Gateway:MaxBodyBytesOf:llm-api"] = "1024";
        gateway.Accounts.Always("/auth/guest-login", exchange => exchange.JsonAsync("{}"));
        using var client = gateway.Anonymous();
        using var response = await client.PostAsync(new Uri("/auth/guest-login", UriKind.Relative), new StringContent(new string('x', 100_000))).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client) =>
        client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent("the body", Encoding.UTF8)).Soon();

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync(await reader.ReadToEndAsync());
    }
}
