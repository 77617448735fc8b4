using System.Text.Json;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;

namespace JanServer.McpTools.Tests.External.Servers;

public sealed class ServerAuditTests
{
    [Fact]
    public async Task What_administrators_do_is_told_to_accounts_without_secrets()
    {
        await using var accounts = await FakeUpstream.StartAsync();
        accounts.Always("/internal/audit-logs", exchange => exchange.JsonAsync("{}", 201));
        var service = new ExternalService();
        await service.InitializeAsync();
        await using var _ = service;
        service["services:accounts:http:0"] = new Uri(accounts.BaseAddress, "/").AbsoluteUri;
        var root = TestCallers.Admin();
        using var admin = service.ClientFor(root);

        var id = await admin.RegisterAsync(new { label = "a", url = "http://localhost:9/", headers = new { A = "hush" } }, "/v1/admin/mcp/servers");
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
        await Eventually.True(() => accounts.Requests.Count == 2);

        var reports = accounts.Requests.Select(request => JsonDocument.Parse(request.Text).RootElement).ToList();
        Assert.Equal(["CreateAnyMcpServer", "DeleteAnyMcpServer"], reports.Select(report => report.Text("action")));
        Assert.Equal(id, reports[1].Text("resource_id"));
        Assert.All(reports, report => Assert.Equal(root.UserId.ToString(), report.Text("user_id")));
        Assert.DoesNotContain(accounts.Requests, request => request.Text.Contains("hush", StringComparison.Ordinal));
    }
}
