using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using JanServer.Testing.Streams;

namespace JanServer.ResponseApi.Tests.Background;

/// <summary>Whether the caller is still allowed when a background response begins.</summary>
public sealed class CallerStandingTests
{
    private static readonly object Request = new { model = "m", input = "Hi", background = true, stream = true };

    [Fact]
    public async Task Accounts_is_asked_about_the_user_and_the_key()
    {
        await using var service = await ResponseService.StartAsync();
        var owner = TestCallers.User().ByApiKey(Scopes.Inference);
        using var client = service.ClientFor(owner);
        service.Llm.Says("Hello");

        var events = await RunAsync(client);

        Assert.Equal("response.completed", events[^1].Event);
        var asked = Assert.Single(service.Accounts.Requests);
        Assert.Equal(owner.UserId.ToString(), (string?)asked.Json["user_id"]);
        Assert.Equal(owner.ApiKeyId.ToString(), (string?)asked.Json["api_key_id"]);
        Assert.NotNull(asked.Header(CallerTokens.HeaderName));
    }

    [Theory]
    [InlineData(false, "account")]
    [InlineData(true, "API key")]
    public async Task What_a_disabled_account_or_a_revoked_key_asked_for_fails_without_a_model(bool byKey, string word)
    {
        await using var service = await ResponseService.StartAsync();
        service.Accounts.Always(ResponseService.FindPrincipalRoute, exchange => exchange.ErrorAsync(404, "not_found", "No such account."));
        var user = TestCallers.User();
        using var client = service.ClientFor(byKey ? user.ByApiKey(Scopes.Inference) : user);

        var events = await RunAsync(client);

        Assert.Equal("response.failed", events[^1].Event);
        var error = events[^1].Json["response"]!["error"]!;
        Assert.Equal("permission_denied", (string?)error["code"]);
        Assert.Contains(word, (string?)error["message"], StringComparison.Ordinal);
        Assert.Empty(service.Llm.Requests);
    }

    [Fact]
    public async Task While_accounts_is_away_the_response_waits()
    {
        await using var service = await ResponseService.StartAsync(("Background:LeaseSeconds", "2"));
        service.Accounts.Next(ResponseService.FindPrincipalRoute, exchange => exchange.ErrorAsync(503, "service_unavailable", "Away."));
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Hello");

        var events = await RunAsync(client);

        Assert.Equal("response.completed", events[^1].Event);
        Assert.Equal(2, service.Accounts.Requests.Count);
        Assert.Equal(
            ["response.created", "response.queued", "response.in_progress"],
            events.Select(one => one.Event).Where(type => type is "response.created" or "response.queued" or "response.in_progress"));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(one => (int)one.Json["sequence_number"]!));
    }

    [Fact]
    public async Task When_accounts_stays_away_the_response_fails()
    {
        await using var service = await ResponseService.StartAsync(("Background:LeaseSeconds", "2"), ("Background:MaxAttempts", "2"));
        service.Accounts.Always(ResponseService.FindPrincipalRoute, exchange => exchange.ErrorAsync(503, "service_unavailable", "Away."));
        using var client = service.ClientFor(TestCallers.User());

        var events = await RunAsync(client);

        Assert.Equal("response.failed", events[^1].Event);
        Assert.Equal("service_unavailable", (string?)events[^1].Json["response"]!["error"]!["code"]);
        Assert.Equal(2, service.Accounts.Requests.Count);
        Assert.Empty(service.Llm.Requests);
    }

    [Fact]
    public async Task A_client_that_waits_has_been_looked_at_already()
    {
        await using var service = await ResponseService.StartAsync();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Says("Hello");

        await client.RespondAsync(new { model = "m", input = "Hi" }).JsonAsync();

        Assert.Empty(service.Accounts.Requests);
    }

    private static async Task<IReadOnlyList<SseEvent>> RunAsync(HttpClient client)
    {
        using var stream = await client.StreamAsync(Request);
        return await stream.RestAsync();
    }
}
