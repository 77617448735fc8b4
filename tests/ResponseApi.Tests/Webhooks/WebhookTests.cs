using System.Globalization;
using System.Net;
using System.Text.Json;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using StandardWebhooks;

namespace JanServer.ResponseApi.Tests.Webhooks;

public sealed class WebhookTests : IAsyncLifetime
{
    private readonly Caller _owner = TestCallers.User();
    private ResponseService _service = null!;
    private FakeUpstream _receiver = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _receiver = await FakeUpstream.StartAsync();

        // Only by this name: its address is one that users may not name.
        _service = await ResponseService.StartAsync(("Outbound:AllowedHosts:0", "localhost"));
        _client = _service.ClientFor(_owner);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_signed_and_says_what_happened()
    {
        _receiver.Next("/hook", exchange => exchange.JsonAsync("{}"));
        var hook = await RegisterAsync();
        Assert.StartsWith("whsec_", hook.Text("secret"), StringComparison.Ordinal);

        var response = await RunAsync("Hello");
        var message = await _receiver.ArrivalAsync();

        var body = message.Json;
        Assert.Equal("response.completed", (string)body["type"]!);
        Assert.Equal("event", (string)body["object"]!);
        Assert.Equal(response, (string)body["data"]!["id"]!);
        Assert.Equal((string)body["id"]!, message.Header("webhook-id"));
        Assert.Equal("Hello", (string)body["output"]!);
        Assert.Equal("response.completed", message.Header("X-Jan-Event"));
        Assert.Equal(response, message.Header("X-Jan-Response-ID"));
        Assert.True(IsSignedBy(hook.Text("secret"), message));
        Assert.False(IsSignedBy("whsec_" + Convert.ToBase64String(new byte[32]), message));

        var delivery = await DeliveredAsync(hook.Text("id"), "delivered");
        Assert.Equal(200, delivery.GetProperty("attempts")[0].GetProperty("status_code").GetInt32());
        Assert.False((await _client.AskAsync($"/v1/webhooks/{hook.Text("id")}").JsonAsync()).TryGetProperty("secret", out _));
    }

    [Fact]
    public async Task A_message_that_fails_is_tried_again_with_the_same_id()
    {
        _receiver.Next("/hook", exchange => exchange.ErrorAsync(500, "x", "Down."));
        _receiver.Next("/hook", exchange => exchange.JsonAsync("{}"));
        var hook = await RegisterAsync();
        await RunAsync("Hello");
        var first = await _receiver.ArrivalAsync();
        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM webhook_attempts") == 1);
        Assert.True(await _service.Database.ScalarAsync<bool>(
            "SELECT next_attempt_at BETWEEN now() + interval '2 seconds' AND now() + interval '7 seconds' FROM webhook_deliveries"));

        await DueNowAsync();

        var second = await _receiver.ArrivalAsync();
        Assert.Equal(first.Header("webhook-id"), second.Header("webhook-id"));
        Assert.True(IsSignedBy(hook.Text("secret"), second));
        var delivery = await DeliveredAsync(hook.Text("id"), "delivered");
        Assert.Equal([500, 200], delivery.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("status_code").GetInt32()));
    }

    [Fact]
    public async Task Attempts_end_and_a_message_can_be_delivered_again()
    {
        _receiver.Always("/hook", exchange => exchange.ErrorAsync(503, "x", "Down."));
        var hook = await RegisterAsync();
        await RunAsync("Hello");
        await Eventually.True(async () =>
        {
            await DueNowAsync();
            return await _service.Database.ScalarAsync<string>("SELECT status FROM webhook_deliveries") == "failed";
        });
        var failed = await DeliveredAsync(hook.Text("id"), "failed");
        Assert.Equal(11, failed.GetProperty("attempts").GetArrayLength());

        _receiver.Always("/hook", exchange => exchange.JsonAsync("{}"));
        var again = await _client.PokeAsync($"/v1/webhooks/{hook.Text("id")}/deliveries/{failed.Text("id")}/redeliver").JsonAsync();

        Assert.Equal(failed.Text("event_id"), again.Text("event_id"));
        await DeliveredAsync(hook.Text("id"), "delivered");
        await _client.PokeAsync($"/v1/webhooks/{hook.Text("id")}/deliveries/whd_unknown/redeliver").ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_address_that_fails_for_days_or_is_gone_is_switched_off()
    {
        _receiver.Next("/hook", exchange => exchange.ErrorAsync(500, "x", "Down."));
        var hook = await RegisterAsync();
        await RunAsync("Hello");
        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM webhooks WHERE failing_since IS NOT NULL") == 1);
        await _service.Database.ExecuteAsync("UPDATE webhooks SET failing_since = now() - interval '6 days'");
        _receiver.Next("/hook", exchange => exchange.ErrorAsync(500, "x", "Down."));
        await DueNowAsync();

        await Eventually.True(async () => !(await _client.AskAsync($"/v1/webhooks/{hook.Text("id")}").JsonAsync()).GetProperty("enabled").GetBoolean());
        var on = await _client.SendAsync($"/v1/webhooks/{hook.Text("id")}", new { enabled = true }, HttpMethod.Patch).JsonAsync();
        Assert.True(on.GetProperty("enabled").GetBoolean());
        Assert.False(on.TryGetProperty("disabled_reason", out _));

        _receiver.Always("/hook", exchange => exchange.ErrorAsync(410, "gone", "Gone."));
        await DueNowAsync();
        await Eventually.True(async () => !(await _client.AskAsync($"/v1/webhooks/{hook.Text("id")}").JsonAsync()).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Both_secrets_sign_while_one_takes_the_place_of_the_other()
    {
        _receiver.Always("/hook", exchange => exchange.JsonAsync("{}"));
        var hook = await RegisterAsync();
        var rotated = await _client.SendAsync($"/v1/webhooks/{hook.Text("id")}/rotate-secret", new { overlap_seconds = 600 }).JsonAsync();
        Assert.NotEqual(hook.Text("secret"), rotated.Text("secret"));
        await RunAsync("Hello");
        var message = await _receiver.ArrivalAsync();
        Assert.True(IsSignedBy(hook.Text("secret"), message));
        Assert.True(IsSignedBy(rotated.Text("secret"), message));

        await _client.SendAsync($"/v1/webhooks/{hook.Text("id")}/rotate-secret", new { overlap_seconds = 0 }).JsonAsync();
        await RunAsync("Hello");
        Assert.False(IsSignedBy(rotated.Text("secret"), await _receiver.ArrivalAsync()));
    }

    [Fact]
    public async Task A_request_may_name_an_address_and_what_it_is_told()
    {
        _receiver.Always("/mine", exchange => exchange.JsonAsync("{}"));
        var secret = (await _client.PokeAsync("/v1/webhooks/default-secret/rotate").JsonAsync()).Text("secret");

        var first = await RunAsync("Hello", new { webhook_url = Url("/mine"), webhook_events = "response.failed" });
        var second = await RunAsync("Hello", new { webhookUrl = Url("/mine"), webhook_events = """["completed"]""" });

        var message = await _receiver.ArrivalAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, (string)message.Json["data"]!["id"]!);
        Assert.True(IsSignedBy(secret, message));
    }

    [Fact]
    public async Task Cancelled_and_failed_responses_are_told_too()
    {
        _receiver.Always("/hook", exchange => exchange.JsonAsync("{}"));
        await RegisterAsync("response.cancelled", "response.failed");
        _service.Llm.NextChat(exchange => exchange.StallAsync());
        var id = (await _client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync()).Text("id");
        await _service.Llm.ArrivalAsync();
        await _client.PokeAsync($"/v1/responses/{id}/cancel").JsonAsync();
        Assert.Equal("response.cancelled", (string)(await _receiver.ArrivalAsync()).Json["type"]!);

        _service.Llm.NextChat(exchange => exchange.ErrorAsync(404, "model_not_found", "No."));
        await _client.RespondAsync(new { model = "m", input = "Hi", background = true }).JsonAsync();
        var failed = (await _receiver.ArrivalAsync()).Json;
        Assert.Equal("response.failed", (string)failed["type"]!);
        Assert.NotNull(failed["error"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/hook")]
    [InlineData("http://127.1:{0}/hook")]
    [InlineData("http://2130706433:{0}/hook")]
    [InlineData("http://0x7f000001:{0}/hook")]
    [InlineData("http://0177.0.0.1:{0}/hook")]
    [InlineData("http://0.0.0.0:{0}/hook")]
    [InlineData("http://[::1]:{0}/hook")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/hook")]
    [InlineData("http://[64:ff9b::7f00:1]:{0}/hook")]
    [InlineData("http://localhost.:{0}/hook")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task No_spelling_of_an_inner_address_is_reached(string spelling)
    {
        var url = string.Format(CultureInfo.InvariantCulture, spelling, _receiver.BaseAddress.Port);
        await _client.SendAsync("/v1/webhooks", new { url }).ErrorAsync(HttpStatusCode.BadRequest, "url");
        await RunAsync("Hello", new { webhook_url = url });

        await Eventually.True(async () => await _service.Database.ScalarAsync<long>(
            "SELECT count(*) FROM webhook_attempts WHERE status_code IS NULL AND error LIKE '%may not be reached%'") == 1);
        Assert.Empty(_receiver.Requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.test/x")]
    [InlineData("ftp://example.test/x")]
    [InlineData("http://user:password@example.test/")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task What_is_no_address_is_refused(string url)
    {
        await _client.SendAsync("/v1/webhooks", new { url }).ErrorAsync(HttpStatusCode.BadRequest, "url");
        await _client.RespondAsync(new { model = "m", input = "x", background = true, metadata = new { webhook_url = url } })
            .ErrorAsync(HttpStatusCode.BadRequest, "metadata.webhook_url");
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_delivers_nothing(int status)
    {
        var inner = $"http://127.0.0.1:{_receiver.BaseAddress.Port}/inner";
        _receiver.Next("/hook", exchange => exchange.RedirectAsync(inner, status));
        var hook = await RegisterAsync();
        await RunAsync("Hello");

        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM webhook_attempts WHERE error IS NOT NULL") == 1);
        Assert.All(_receiver.Requests, request => Assert.Equal("/hook", request.Path));
        await DeliveredAsync(hook.Text("id"), "pending");
    }

    [Fact]
    public async Task An_answer_to_another_address_does_not_count()
    {
        _receiver.Next("/hook", exchange => exchange.RedirectAsync(Url("/elsewhere")));
        _receiver.Always("/elsewhere", exchange => exchange.JsonAsync("{}"));
        var hook = await RegisterAsync();
        await RunAsync("Hello");

        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM webhook_attempts WHERE error IS NOT NULL") == 1);
        await DeliveredAsync(hook.Text("id"), "pending");
    }

    [Fact]
    public async Task Webhooks_belong_to_their_owner()
    {
        var hook = await RegisterAsync();
        var path = $"/v1/webhooks/{hook.Text("id")}";
        using var other = _service.ClientFor(TestCallers.User());
        using var otherProject = _service.ClientFor(_owner with { ProjectId = TestCallers.User().ProjectId });
        foreach (var stranger in (HttpClient[])[other, otherProject])
        {
            await stranger.AskAsync(path).ErrorAsync(HttpStatusCode.NotFound);
            await stranger.AskAsync($"{path}/deliveries").ErrorAsync(HttpStatusCode.NotFound);
            await stranger.SendAsync(path, new { enabled = false }, HttpMethod.Patch).ErrorAsync(HttpStatusCode.NotFound);
            await stranger.PokeAsync($"{path}/rotate-secret").ErrorAsync(HttpStatusCode.NotFound);
            await stranger.DropAsync(path).ErrorAsync(HttpStatusCode.NotFound);
            Assert.Empty((await stranger.AskAsync("/v1/webhooks").JsonAsync()).GetProperty("data").EnumerateArray());
        }

        Assert.Single((await _client.AskAsync("/v1/webhooks").JsonAsync()).GetProperty("data").EnumerateArray());
        await _client.DropAsync(path).JsonAsync();
        await _client.AskAsync(path).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Events_that_do_not_exist_are_named()
    {
        await _client.SendAsync("/v1/webhooks", new { url = Url("/hook"), events = new[] { "response.completed", "x" } })
            .ErrorAsync(HttpStatusCode.BadRequest, "events[1]");
        await _client.SendAsync("/v1/webhooks", new { url = Url("/hook"), events = Array.Empty<string>() }).ErrorAsync(HttpStatusCode.BadRequest, "events");
        await _client.SendAsync("/v1/webhooks", new { url = Url("/hook"), description = "\0" }).ErrorAsync(HttpStatusCode.BadRequest, "description");
        await _client.SendAsync("/v1/webhooks", new { url = "http://example.test/\0" }).ErrorAsync(HttpStatusCode.BadRequest, "url");
        await _client.SendAsync("/v1/webhooks", new { }).ErrorAsync(HttpStatusCode.BadRequest, "url");
    }

    [Fact]
    public async Task No_secret_lies_in_the_database()
    {
        var hook = await RegisterAsync();
        var secret = Convert.FromBase64String(hook.Text("secret")["whsec_".Length..]);
        var stored = await _service.Database.ScalarAsync<byte[]>("SELECT secret FROM webhooks");

        Assert.Equal(-1, stored.AsSpan().IndexOf(secret));
    }

    private async Task<JsonElement> RegisterAsync(params string[] events) =>
        await _client.SendAsync("/v1/webhooks", new { url = Url("/hook"), events = events.Length > 0 ? events : null }).JsonAsync();

    private string Url(string path) => $"http://localhost:{_receiver.BaseAddress.Port}{path}";

    private async Task<string> RunAsync(string answer, object? metadata = null)
    {
        _service.Llm.Says(answer);
        var id = (await _client.RespondAsync(new { model = "m", input = "Hi", background = true, metadata }).JsonAsync()).Text("id");
        await _client.BecomesAsync(id, "completed");
        return id;
    }

    // Without those that are on their way at this moment: their time is how other workers know.
    private Task<int> DueNowAsync() => _service.Database.ExecuteAsync(
        """
        UPDATE webhook_deliveries SET next_attempt_at = now()
        WHERE status = 'pending' AND attempts = (SELECT count(*) FROM webhook_attempts WHERE delivery_id = webhook_deliveries.id)
        """);

    private async Task<JsonElement> DeliveredAsync(string hook, string status)
    {
        JsonElement found = default;
        await Eventually.Succeeds(async () =>
        {
            var page = await _client.AskAsync($"/v1/webhooks/{hook}/deliveries").JsonAsync();
            found = page.GetProperty("data").EnumerateArray().First();
            Assert.Equal(status, found.Text("status"));
        });
        return found;
    }

    /// <summary>Recomputes the signature of each version 1 with the library that receivers have.</summary>
    private static bool IsSignedBy(string secret, RecordedRequest message)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(message.Header("webhook-timestamp")!, CultureInfo.InvariantCulture));
        var expected = new StandardWebhook(secret).Sign(message.Header("webhook-id"), at, message.Text);
        return message.Header("webhook-signature")!.Split(' ').Contains(expected, StringComparer.Ordinal);
    }
}
