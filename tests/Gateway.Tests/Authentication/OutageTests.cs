using System.Net;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.Gateway.Tests.Authentication;

public sealed class OutageTests(OutageTests.Factory gateway) : IClassFixture<OutageTests.Factory>
{
    [Fact]
    public async Task While_accounts_is_down_known_keys_work_and_unknown_ones_are_told_to_come_back()
    {
        gateway.LlmApi.Always("/v1/models", exchange => exchange.JsonAsync("{}"));
        using var known = gateway.ClientWith(gateway.NewKey());
        using var unknown = gateway.ClientWith(gateway.NewKey());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));

        gateway.AccountsIsDown = true;
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));
        var error = await unknown.ErrorAsync(HttpStatusCode.ServiceUnavailable, "/v1/models");
        Assert.Equal("service_unavailable", error.Code);

        gateway.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(known));

        gateway.AccountsIsDown = false;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(unknown));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_once_the_memory_of_it_fades()
    {
        gateway.LlmApi.Always("/v1/models", exchange => exchange.JsonAsync("{}"));
        var key = gateway.NewKey();
        using var client = gateway.ClientWith(key);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));

        gateway.Revoke(key);
        gateway.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client));
    }

    [Fact]
    public async Task A_caller_token_is_replaced_before_it_expires()
    {
        var ann = TestCallers.User().ByApiKey("all");
        var path = $"/v1/tests/{Guid.CreateVersion7():N}";
        gateway.LlmApi.Always(path, exchange => exchange.JsonAsync("{}"));
        using var client = gateway.ClientWith(gateway.NewKey(ann));
        for (var minute = 0; minute < 12; minute++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, path));
            gateway.Clock.Advance(TimeSpan.FromSeconds(14));
        }

        var tokens = gateway.LlmApi.Requests.Where(request => request.Path == path).Select(request => request.Header("Jan-Caller")).Distinct();
        Assert.InRange(tokens.Count(), 2, 12);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path = "/v1/models")
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        return response.StatusCode;
    }

    public sealed class Factory : GatewayFactory
    {
        public FakeClock Clock { get; } = new(DateTimeOffset.UtcNow);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        }
    }
}
