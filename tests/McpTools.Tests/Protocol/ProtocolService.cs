using JanServer.McpTools.Protocol.Signals;
using JanServer.McpTools.Tools;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>mcp-tools with a database of its own and tools that do what a test of the protocol needs.</summary>
public class ProtocolService : ServiceFactory<Program>
{
    public ProtocolService()
        : base("mcptoolsdb")
    {
        this["McpServer:PublicUrl"] = "https://jan.example.test";
        this["McpServer:KeepAliveSeconds"] = "1";
        this["McpServer:MaxBodyBytes"] = "65536";

        // An llm-api that is away at once: waiting for it would make streams of answers.
        this["services:llm-api:http:0"] = "http://127.0.0.1:9";
        this["Resilience:Retries"] = "1";
        this["Resilience:RetryDelayMilliseconds"] = "1";
    }

    /// <summary>The tools of this host besides its own.</summary>
    internal TestTools Tools { get; } = new();

    /// <summary>Starts it. A stream that is opened before the replica hears the others would first be told that it may have missed something.</summary>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        StartServer();
        await Eventually.True(() => Services.GetRequiredService<SignalBus>().IsListening);
    }

    /// <summary>A client of a new user.</summary>
    public McpClient Client() => new(ClientFor(TestCallers.User()));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IToolSource>(Tools));
    }
}
