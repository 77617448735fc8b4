using System.Net;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Health;
using JanServer.ServiceDefaults.Resilience;
using JanServer.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Resilience;

public sealed class ServiceClientTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_safe_call_is_repeated_until_it_succeeds()
    {
        await using var service = await ScriptedService.StartAsync(503, 500, 200);
        await using var host = await CallingAsync(service);

        using var response = await Client(host).Http.GetAsync("/things");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, service.Calls);
    }

    [Fact]
    public async Task A_call_that_changes_something_is_not_repeated()
    {
        await using var service = await ScriptedService.StartAsync(503, 200);
        await using var host = await CallingAsync(service);

        using var response = await Client(host).Http.PostAsync("/things", new StringContent("one"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, service.Calls);
    }

    [Fact]
    public async Task A_change_with_an_idempotency_key_is_repeated_with_its_body()
    {
        await using var service = await ScriptedService.StartAsync(503, 200);
        await using var host = await CallingAsync(service);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = new StreamContent(new MemoryStream("one"u8.ToArray())),
            Headers = { { "Idempotency-Key", "k1" } },
        };

        using var response = await Client(host).Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["one", "one"], service.Bodies);
    }

    [Fact]
    public async Task A_client_error_is_an_answer()
    {
        await using var service = await ScriptedService.StartAsync(404, 200);
        await using var host = await CallingAsync(service);

        Assert.Equal(HttpStatusCode.NotFound, (await Client(host).Http.GetAsync("/things")).StatusCode);
        Assert.Equal(1, service.Calls);
    }

    [Fact]
    public async Task A_service_that_asks_for_a_long_pause_is_not_waited_for()
    {
        await using var service = await ScriptedService.StartAsync(503, 200);
        service.RetryAfter = "3600";
        await using var host = await CallingAsync(service);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Client(host).Http.GetAsync("/things")).StatusCode);
        Assert.Equal(1, service.Calls);
    }

    [Fact]
    public async Task A_failing_service_is_left_alone_for_a_while_and_then_tried_again()
    {
        var clock = new FakeClock();
        await using var service = await ScriptedService.StartAsync(500, 500, 500, 500, 200);
        await using var host = await CallingAsync(service, clock, ("Resilience:BreakerMinimumCalls", "4"));
        var http = Client(host).Http;
        for (var call = 0; call < 4; call++)
        {
            using var failure = await http.PostAsync("/things", null);
            Assert.Equal(HttpStatusCode.InternalServerError, failure.StatusCode);
        }

        await Assert.ThrowsAsync<ServiceUnreachableException>(() => http.PostAsync("/things", null));
        Assert.Equal(4, service.Calls);

        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/things", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/things", null)).StatusCode);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_makes_the_request_a_503()
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddServiceClient<ThingsClient>("things"),
            app => app.MapGet("/", async (HttpContext context) =>
                await context.RequestServices.GetRequiredService<ThingsClient>().Http.GetStringAsync(new Uri("/x", UriKind.Relative)))
                .AllowAnonymous(),
            [("CallerToken:Key", Key), ("services:things:http:0", "http://127.0.0.1:1"), ("Resilience:RetryDelayMilliseconds", "1")]);

        using var response = await host.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"code\":\"service_unavailable\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_vouches_for_the_caller_of_the_request_and_carries_its_id()
    {
        await using var service = await ScriptedService.StartAsync();
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.AddCallerAuthentication();
                builder.Services.AddServiceClient<ThingsClient>("things");
            },
            app =>
            {
                app.MapGet("/as-caller", (ThingsClient things, CancellationToken ct) =>
                    things.Http.GetStringAsync(new Uri("/x", UriKind.Relative), ct));
                app.MapGet("/as-service", (ThingsClient things, CancellationToken ct) =>
                    things.Http.GetStringAsync(new Uri("/internal/x", UriKind.Relative), ct));
            },
            [("CallerToken:Key", Key), ("OTEL_SERVICE_NAME", "llm-api"), ("services:things:http:0", service.Address.ToString())]);
        var tokens = host.Services.GetRequiredService<CallerTokens>();
        host.Client.DefaultRequestHeaders.Add(CallerTokens.HeaderName, tokens.Issue(new() { Subject = "ann" }));
        host.Client.DefaultRequestHeaders.Add("X-Request-Id", "req-1");

        await host.Client.GetStringAsync("/as-caller");
        Assert.True(tokens.TryValidate(service.LastHeaders[CallerTokens.HeaderName], out var caller));
        Assert.Equal("ann", caller.Subject);
        Assert.Equal("req-1", service.LastHeaders["X-Request-Id"]);

        await host.Client.GetStringAsync("/as-service");
        Assert.True(tokens.TryValidate(service.LastHeaders[CallerTokens.HeaderName], out caller));
        Assert.Equal(("service:llm-api", AuthMethod.Service), (caller.Subject, caller.Method));
    }

    [Fact]
    public async Task Registering_a_client_twice_does_not_repeat_twice_as_often()
    {
        await using var service = await ScriptedService.StartAsync(503, 503, 503, 503, 503, 503, 503, 503);
        await using var host = await CallingAsync(service);

        using var response = await Client(host).Http.GetAsync("/things");

        Assert.Equal(4, service.Calls);
    }

    [Fact]
    public async Task A_host_is_ready_only_while_a_service_it_needs_is()
    {
        await using var needed = await TestHost.StartAsync();
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddServiceReadiness("needed").AddServiceReadiness("missing", required: false),
            settings: [("services:needed:http:0", needed.Address.ToString()), ("services:missing:http:0", "http://127.0.0.1:1")]);

        Assert.Contains(
            "\"missing\":{\"status\":\"degraded\",\"error\":\"missing cannot be reached\"}",
            await host.Client.GetStringAsync("/readyz"),
            StringComparison.Ordinal);

        needed.Lifetime.StopApplication();
        await Eventually.True(async () => (await host.Client.GetAsync("/readyz")).StatusCode == HttpStatusCode.ServiceUnavailable);
    }

    private static Task<TestHost> CallingAsync(ScriptedService service, FakeClock? clock = null, params (string, string?)[] settings) =>
        TestHost.StartAsync(
            builder =>
            {
                if (clock is not null)
                {
                    builder.Services.AddSingleton<TimeProvider>(clock);
                }

                builder.Services.AddServiceClient<ThingsClient>("things");
                builder.Services.AddServiceClient<ThingsClient>("things");
            },
            settings:
            [
                ("CallerToken:Key", Key),
                ("Resilience:RetryDelayMilliseconds", "1"),
                ("services:things:http:0", service.Address.ToString()),
                .. settings,
            ]);

    private static ThingsClient Client(TestHost host) => host.Services.GetRequiredService<ThingsClient>();

    internal sealed class ThingsClient(HttpClient http)
    {
        public HttpClient Http => http;
    }
}
