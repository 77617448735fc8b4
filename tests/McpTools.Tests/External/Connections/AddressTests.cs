using System.Net;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Outbound;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.McpTools.Tests.External.Connections;

/// <summary>Nobody reaches what is private by way of a server: not when it is registered, and not when it is called.</summary>
public sealed class AddressTests(AddressTests.Guarded service) : IClassFixture<AddressTests.Guarded>
{
    private const string Own = "/v1/mcp/servers";

    private readonly Caller _ann = TestCallers.User();

    private HttpClient Client => service.ClientFor(_ann);

    [Theory]
    [InlineData("http://127.0.0.1/mcp")]
    [InlineData("http://2130706433/mcp")]
    [InlineData("http://0x7f.1/mcp")]
    [InlineData("http://0177.0.0.1/mcp")]
    [InlineData("http://127.1/mcp")]
    [InlineData("http://10.0.0.1/mcp")]
    [InlineData("http://172.16.0.1/mcp")]
    [InlineData("http://192.168.1.1/mcp")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://100.100.100.200/mcp")]
    [InlineData("http://168.63.129.16/mcp")]
    [InlineData("http://0.0.0.0/mcp")]
    [InlineData("http://255.255.255.255/mcp")]
    [InlineData("http://[::1]/mcp")]
    [InlineData("http://[::]/mcp")]
    [InlineData("http://[::ffff:127.0.0.1]/mcp")]
    [InlineData("http://[::ffff:a00:1]/mcp")]
    [InlineData("http://[64:ff9b::7f00:1]/mcp")]
    [InlineData("http://[2002:7f00:1::]/mcp")]
    [InlineData("http://[fe80::1]/mcp")]
    [InlineData("http://[fd00::1]/mcp")]
    [InlineData("http://private.test/mcp")]
    [InlineData("http://both.test/mcp")]
    [InlineData("http://unknown.test/mcp")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.test/_x")]
    [InlineData("ftp://example.test/mcp")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//example.test/mcp")]
    [InlineData("/mcp")]
    public async Task An_address_that_may_not_be_reached_is_not_registered(string url)
    {
        await Client.SendAsync("POST", Own, new { label = "x", url }).ErrorAsync(HttpStatusCode.BadRequest, "url");
        using var admin = service.ClientFor(TestCallers.Admin());
        await admin.SendAsync("POST", "/v1/admin/mcp/servers", new { label = "x", url }).ErrorAsync(HttpStatusCode.BadRequest, "url");

        var id = await Client.RegisterAsync(new { label = $"l{Guid.CreateVersion7():N}"[..32], url = "http://public.test/mcp" });
        await Client.SendAsync("PATCH", $"{Own}/{id}", new { url }).ErrorAsync(HttpStatusCode.BadRequest, "url");
        await Client.SendAsync("DELETE", $"{Own}/{id}").JsonAsync();
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_after_its_check_is_not_followed()
    {
        await using var secret = await TestMcpServer.StartAsync(true, "a");
        var port = new Uri(secret.Url).Port;
        service.Names["turning.test"] = [IPAddress.Parse("93.184.215.14")];
        var id = await Client.RegisterAsync(new { label = "turns", url = $"http://turning.test:{port}/mcp" });
        service.Names["turning.test"] = [IPAddress.Loopback];

        var test = await Client.SendAsync("POST", $"{Own}/{id}/test").JsonAsync();

        Assert.Equal("refused", test.Text("error"));
        Assert.Empty(secret.Requests);
        await Client.SendAsync("POST", $"{Own}/{id}/test").JsonAsync();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var secret = await TestMcpServer.StartAsync(true, "a");
        await using var server = await TestMcpServer.StartAsync(true, "a");
        server.Before = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = secret.Url;
            return Task.FromResult(true);
        };
        using var admin = service.ClientFor(TestCallers.Admin());
        var label = $"l{Guid.CreateVersion7():N}"[..32];
        var id = await admin.RegisterAsync(new { label, url = server.Url, headers = new { Authorization = "k" } }, "/v1/admin/mcp/servers");

        var test = await admin.SendAsync("POST", $"/v1/admin/mcp/servers/{id}/test").JsonAsync();

        Assert.False(test.GetProperty("ok").GetBoolean());
        Assert.Empty(secret.Requests);
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
    }

    [Fact]
    public async Task An_older_transport_does_not_lead_to_another_origin()
    {
        await using var secret = await TestMcpServer.StartAsync(true, "a");
        await using var server = await TestMcpServer.StartAsync();
        server.Before = async context =>
        {
            if (context.Request.Method != "GET")
            {
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return true;
            }

            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"event: endpoint\ndata: {secret.Url}\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        using var admin = service.ClientFor(TestCallers.Admin());
        var id = await admin.RegisterAsync(new { label = "older", url = server.Url, headers = new { Authorization = "k" } }, "/v1/admin/mcp/servers");

        var test = await admin.SendAsync("POST", $"/v1/admin/mcp/servers/{id}/test").JsonAsync();

        Assert.False(test.GetProperty("ok").GetBoolean());
        Assert.Contains(server.Requests, request => request.Method == "GET");
        Assert.Empty(secret.Requests);
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
    }

    [Fact]
    public async Task Hosts_that_the_operator_names_are_reached_for_administrators_only()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a");
        using var admin = service.ClientFor(TestCallers.Admin());

        await Client.SendAsync("POST", Own, new { label = "x", url = server.Url }).ErrorAsync(HttpStatusCode.BadRequest, "url");
        var id = await admin.RegisterAsync(new { label = "intranet", url = server.Url }, "/v1/admin/mcp/servers");
        Assert.True((await admin.SendAsync("POST", $"/v1/admin/mcp/servers/{id}/test").JsonAsync()).GetProperty("ok").GetBoolean());
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
    }

    [Theory]
    [InlineData("""{"resource":"{0}","authorization_servers":["http://169.254.169.254/"]}""")]
    [InlineData("""{"resource":"{0}","authorization_servers":["file:///etc/passwd"]}""")]
    [InlineData("""{"resource":"{0}","authorization_servers":["http://user:pw@public.test/"]}""")]
    [InlineData("""{"resource":"http://another.test/mcp","authorization_servers":["http://localhost/"]}""")]
    public async Task Signing_in_leads_to_no_private_address_either(string metadata)
    {
        await using var server = await TestMcpServer.StartAsync();
        server.Before = async context =>
        {
            if (context.Request.Path.StartsWithSegments("/.well-known/oauth-protected-resource"))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(metadata.Replace("{0}", server.Url, StringComparison.Ordinal));
                return true;
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return true;
        };
        using var admin = service.ClientFor(TestCallers.Admin());
        var id = await admin.RegisterAsync(new { label = $"l{Guid.CreateVersion7():N}"[..32], url = server.Url, auth = "oauth" }, "/v1/admin/mcp/servers");

        await Client.SendAsync("POST", $"{Own}/{id}/authorize").ErrorAsync(HttpStatusCode.BadGateway);
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
    }

    /// <summary>mcp-tools to which only administrators may name <c>localhost</c>, with names of its own.</summary>
    public sealed class Guarded : ExternalService
    {
        public Guarded()
        {
            this["Outbound:AllowedHosts:0"] = "nothing.test";
            this["ExternalServers:AllowedHosts:0"] = "localhost";
            this["ExternalServers:MaxServersPerUser"] = "1000";
            Names["public.test"] = [IPAddress.Parse("93.184.215.14")];
            Names["private.test"] = [IPAddress.Parse("10.1.2.3")];
            Names["both.test"] = [IPAddress.Parse("93.184.215.14"), IPAddress.Parse("127.0.0.1")];
            Names["localhost"] = [IPAddress.Loopback];
        }

        public System.Collections.Concurrent.ConcurrentDictionary<string, IPAddress[]> Names { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<HostLookup>((host, _) =>
                Task.FromResult(Names.TryGetValue(host, out var addresses) ? addresses : [])));
        }
    }
}
