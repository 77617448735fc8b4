using System.Text.Json;
using JanServer.ServiceDefaults.Auditing;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Tests.Resilience;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Auditing;

public sealed class AdminAuditTests
{
    [Fact]
    public async Task What_an_administrator_does_is_reported_with_its_outcome()
    {
        await using var accounts = await ScriptedService.StartAsync();
        await using var host = await StartAsync(accounts);
        var root = TestCallers.Admin();

        await SendAsync(host, root, HttpMethod.Patch, "/v1/admin/things/7");
        await SendAsync(host, root, HttpMethod.Delete, "/v1/admin/things/8");
        await Eventually.True(() => accounts.Bodies.Count == 2);

        var (changed, refused) = (Report(accounts, 0), Report(accounts, 1));
        Assert.Equal(("updateThing", "things", "7", 200), Essence(changed));
        Assert.Equal(("deleteThing", "things", "8", 409), Essence(refused));
        Assert.Equal(root.UserId.ToString(), changed.GetProperty("user_id").GetString());
        Assert.Equal(root.Email, changed.GetProperty("user_email").GetString());
        Assert.Equal("198.51.100.7", changed.GetProperty("ip_address").GetString());
        Assert.False(changed.TryGetProperty("payload", out _));
    }

    [Fact]
    public async Task Reads_and_those_who_are_not_let_through_are_no_reports()
    {
        await using var accounts = await ScriptedService.StartAsync();
        await using var host = await StartAsync(accounts);

        await SendAsync(host, TestCallers.Admin(), HttpMethod.Get, "/v1/admin/things/1");
        await SendAsync(host, TestCallers.User(), HttpMethod.Patch, "/v1/admin/things/2");
        await SendAsync(host, TestCallers.Admin(), HttpMethod.Patch, "/v1/admin/nothing");
        await SendAsync(host, TestCallers.User(), HttpMethod.Post, "/v1/things");
        await SendAsync(host, TestCallers.Admin(), HttpMethod.Patch, "/v1/admin/things/3");
        await Eventually.True(() => !accounts.Bodies.IsEmpty);

        Assert.Equal("3", Report(accounts, 0).GetProperty("resource_id").GetString());
    }

    [Fact]
    public async Task A_report_waits_for_accounts_to_come_back()
    {
        await using var accounts = await ScriptedService.StartAsync(503, 503);
        var clock = new FakeClock(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(accounts, clock);

        await SendAsync(host, TestCallers.Admin(), HttpMethod.Patch, "/v1/admin/things/7");

        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return accounts.Calls > 2;
        });
        Assert.Equal("7", Report(accounts, 2).GetProperty("resource_id").GetString());
    }

    [Fact]
    public async Task What_is_done_just_before_the_end_is_reported()
    {
        await using var accounts = await ScriptedService.StartAsync();
        await using var host = await StartAsync(accounts);
        await SendAsync(host, TestCallers.Admin(), HttpMethod.Patch, "/v1/admin/things/7");

        await host.StopAsync(CancellationToken.None);

        Assert.Single(accounts.Bodies);
    }

    private static async Task SendAsync(TestHost host, Caller caller, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(CallerTokens.HeaderName, TestCallers.TokenFor(caller));
        request.Headers.Add("X-Forwarded-For", "203.0.113.1, 198.51.100.7");
        using var response = await host.Client.SendAsync(request);
    }

    private static JsonElement Report(ScriptedService accounts, int index) => JsonElement.Parse(accounts.Bodies.ElementAt(index));

    private static (string?, string?, string?, int) Essence(JsonElement report) => (
        report.GetProperty("action").GetString(),
        report.GetProperty("resource_type").GetString(),
        report.GetProperty("resource_id").GetString(),
        report.GetProperty("status_code").GetInt32());

    private static Task<TestHost> StartAsync(ScriptedService accounts, FakeClock? clock = null) =>
        TestHost.StartAsync(
            builder =>
            {
                if (clock is not null)
                {
                    builder.Services.AddSingleton<TimeProvider>(clock);
                }

                builder.AddCallerAuthentication();
                builder.Services.AddAdminAudit();
            },
            app =>
            {
                app.UseAdminAudit();
                var things = app.MapGroup("/v1/admin/things").RequireAdmin();
                things.MapGet("/{id}", () => TypedResults.Ok());
                things.MapPatch("/{id}", () => TypedResults.Ok()).WithName("updateThing");
                things.MapDelete("/{id}", () => ApiError.Conflict("It is in use.")).WithName("deleteThing");
                app.MapPost("/v1/things", () => TypedResults.Ok());
            },
            ("CallerToken:Key", TestCallers.Key),
            ("services:accounts:http:0", accounts.Address.ToString()));
}
