using System.Net;
using System.Net.Sockets;
using System.Text;
using JanServer.Testing;

namespace JanServer.Gateway.Tests.Routing;

public sealed class RoutingTests(GatewayFactory gateway) : IClassFixture<GatewayFactory>
{
    [Theory]
    [InlineData("/v1/models", "/v1/models")]
    [InlineData("/v1/models/", "/v1/models")]
    [InlineData("/v1//models", "/v1/models")]
    [InlineData("/llm/v1/models", "/v1/models")]
    [InlineData("/v1/models/org/name%20x?limit=2&after=a%2Fb", "/v1/models/org/name x?limit=2&after=a%2Fb")]
    [InlineData("/v1/responses", "/v1/responses")]
    [InlineData("/v1/organizational", "/v1/organizational")]
    [InlineData("/v1/organization/usage", "/v1/organization/usage")]
    [InlineData("/v1/organization/usage/completions?start_time=1&group_by[]=model", "/v1/organization/usage/completions?start_time=1&group_by[]=model")]
    [InlineData("/v1/organization/costs", "/v1/organization/costs")]
    [InlineData("/v1/admin/usage/records", "/v1/admin/usage/records")]
    public async Task The_api_is_llm_apis_unless_told(string path, string arrives)
    {
        gateway.LlmApi.Always(arrives.Split('?')[0], exchange => exchange.JsonAsync("{}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(path));
        Assert.Contains(gateway.LlmApi.Requests, request => request.Path == arrives);
    }

    [Theory]
    [InlineData("/auth/me", "/auth/me")]
    [InlineData("//auth/me", "/auth/me")]
    [InlineData("/llm/auth/api-keys", "/auth/api-keys")]
    [InlineData("/v1/organization", "/v1/organization")]
    [InlineData("/v1/organization/admin_api_keys", "/v1/organization/admin_api_keys")]
    [InlineData("/v1/organization/usages", "/v1/organization/usages")]
    [InlineData("/v1/organizations/org_1/members", "/v1/organizations/org_1/members")]
    [InlineData("/v1//users/me/settings", "/v1/users/me/settings")]
    [InlineData("/v1/admin/users", "/v1/admin/users")]
    [InlineData("/v1/admin/groups/1", "/v1/admin/groups/1")]
    [InlineData("/v1/admin/feature-flags", "/v1/admin/feature-flags")]
    [InlineData("/v1/admin/audit-logs", "/v1/admin/audit-logs")]
    public async Task People_and_organizations_are_accounts(string path, string arrives)
    {
        gateway.Accounts.Always(arrives, exchange => exchange.JsonAsync("{}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(path));
        Assert.Contains(gateway.Accounts.Requests, request => request.Path == arrives);
    }

    [Theory]
    [InlineData("/internal/api-keys/verify")]
    [InlineData("//internal/api-keys/verify")]
    [InlineData("/llm/internal/api-keys/verify")]
    [InlineData("/nothing")]
    [InlineData("/llm")]
    [InlineData("/responses/v1/responses")]
    [InlineData("/mcp")]
    public async Task What_is_not_in_the_table_is_not_found(string path)
    {
        using var client = gateway.ClientWith(gateway.NewKey());
        var error = await client.ErrorAsync(HttpStatusCode.NotFound, path);
        Assert.Equal("not_found", error.Code);
    }

    [Theory]
    [InlineData("/v1/../internal/api-keys/verify", 404)]
    [InlineData("/v1/%2e%2e/internal/api-keys/verify", 404)]
    [InlineData("/auth/%2E%2E/internal/api-keys/verify", 404)]
    [InlineData("/v1/..%2finternal/api-keys/verify", 400)]
    [InlineData("/v1/..%5cinternal", 400)]
    [InlineData("/auth/guest-login/..%2f..%2finternal", 400)]
    [InlineData("/v1/..\\internal", 400)]
    public async Task No_spelling_of_a_path_reaches_what_is_internal(string target, int status)
    {
        // Over a socket: HttpClient would resolve the dots itself.
        Assert.StartsWith($"HTTP/1.1 {status} ", await RawAsync(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_id_is_made_or_kept_and_shared_with_the_service()
    {
        gateway.LlmApi.Always("/v1/models", exchange =>
        {
            exchange.Header("X-Request-Id", exchange.Request.Header("X-Request-Id")!);
            return exchange.JsonAsync("{}");
        });
        using var client = gateway.ClientWith(gateway.NewKey());

        using var made = await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).Soon();
        Assert.StartsWith("req_", made.HeaderOrNull("X-Request-Id"), StringComparison.Ordinal);

        var mine = $"mine-{Guid.CreateVersion7():N}";
        client.DefaultRequestHeaders.Add("X-Request-Id", mine);
        using var kept = await client.GetAsync(new Uri("/v1/models", UriKind.Relative)).Soon();
        Assert.Equal(mine, kept.HeaderOrNull("X-Request-Id"));
        Assert.Contains(gateway.LlmApi.Requests, request => request.Header("X-Request-Id") == mine);
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var client = gateway.ClientWith(gateway.NewKey());

        // The string overload keeps double slashes at the beginning from becoming a host.
        var address = new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path);
        using var response = await client.GetAsync(address).Soon();
        return response.StatusCode;
    }

    private async Task<string> RawAsync(string target)
    {
        using var client = gateway.ClientWith(gateway.NewKey());
        using var socket = new TcpClient();
        await socket.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port).Soon();
        var head = $"GET {target} HTTP/1.1\r\nHost: x\r\n{client.DefaultRequestHeaders}Connection: close\r\n\r\n";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadToEndAsync().Soon();
    }
}
