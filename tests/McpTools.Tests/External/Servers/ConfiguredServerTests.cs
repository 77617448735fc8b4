using System.Net;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.External.Servers;

public sealed class ConfiguredServerTests
{
    [Fact]
    public async Task The_operators_servers_are_there_for_all_and_changed_by_nobody()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a", "b");
        await using var service = await NewAsync(server.Url);
        var ann = TestCallers.User();
        await service.ToolOf(ann, "ops_a");
        Assert.DoesNotContain(await service.ToolsOf(ann), tool => tool.Name == "ops_b");
        Assert.Equal("called a", (await service.CallAsync(ann, "ops_a")).Text());
        Assert.All(server.Requests, request => Assert.Equal("Bearer of-the-operator", request.Headers["Authorization"]));
        Assert.False(await service.Database.ScalarAsync<bool>("SELECT bool_or(external_servers::text LIKE '%of-the-operator%') FROM external_servers"));

        using var admin = service.ClientFor(TestCallers.Admin());
        var listed = (await admin.SendAsync("GET", "/v1/admin/mcp/servers").JsonAsync()).GetProperty("data")[0];
        Assert.Equal("configuration", listed.Text("source"));
        var path = $"/v1/admin/mcp/servers/{listed.Text("id")}";
        await admin.SendAsync("PATCH", path, new { enabled = false }).ErrorAsync(HttpStatusCode.Conflict);
        await admin.SendAsync("DELETE", path).ErrorAsync(HttpStatusCode.Conflict);
        await admin.SendAsync("POST", "/v1/admin/mcp/servers", new { label = "ops", url = server.Url }).ErrorAsync(HttpStatusCode.Conflict, "label");

        // The next version of the configuration has it no more.
        await using var later = await ExternalService.ReplicaOfAsync(service.Database);
        Assert.DoesNotContain(await later.ToolsOf(ann), tool => tool.Name == "ops_a");
    }

    [Theory]
    [InlineData("Url", "ftp://example.test/")]
    [InlineData("TimeoutSeconds", "0")]
    [InlineData("RequireApproval", "maybe")]
    public async Task A_configuration_that_is_not_right_stops_the_start(string key, string value)
    {
        await using var service = await NewAsync("http://localhost:9/mcp");
        service[$"ExternalServers:Servers:ops:{key}"] = value;
        var error = Assert.ThrowsAny<Exception>(service.Anonymous);
        Assert.Contains("ExternalServers:Servers:ops", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_are_not_run_unless_the_operator_says_so()
    {
        var service = new ExternalService();
        await service.InitializeAsync();
        await using var _ = service;
        using var admin = service.ClientFor(TestCallers.Admin());
        await admin.SendAsync("POST", "/v1/admin/mcp/servers", new { label = "sh", transport = "stdio", command = "sh" })
            .ErrorAsync(HttpStatusCode.BadRequest, "transport");
    }

    [Fact]
    public async Task Without_a_key_nothing_secret_is_taken()
    {
        var service = new ExternalService();
        await service.InitializeAsync();
        await using var _ = service;
        service["ExternalServers:Encryption:Key"] = "";
        using var client = service.ClientFor(TestCallers.User());
        await client.SendAsync("POST", "/v1/mcp/servers", new { label = "a", url = "http://localhost:9/", headers = new { A = "b" } })
            .ErrorAsync(HttpStatusCode.NotImplemented, "headers");
        await client.RegisterAsync(new { label = "a", url = "http://localhost:9/" });
    }

    private static async Task<ExternalService> NewAsync(string url)
    {
        var service = new ExternalService();
        await service.InitializeAsync();
        service["ExternalServers:Servers:ops:Url"] = url;
        service["ExternalServers:Servers:ops:Headers:Authorization"] = "Bearer of-the-operator";
        service["ExternalServers:Servers:ops:DeniedTools:0"] = "b";
        return service;
    }
}
