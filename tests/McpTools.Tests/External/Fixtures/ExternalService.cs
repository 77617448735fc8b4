using System.Security.Cryptography;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Databases;
using JanServer.Testing.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.External.Fixtures;

/// <summary>mcp-tools with a database of its own, to which the loopback is the internet: users' servers may be on <c>localhost</c>.</summary>
public class ExternalService : ServiceFactory<Program>
{
    /// <summary>The same for all replicas of a test.</summary>
    public static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public ExternalService()
        : this("mcptoolsdb")
    {
    }

    /// <summary>A further replica on the same database.</summary>
    public static async Task<ExternalService> ReplicaOfAsync(TestDatabase database)
    {
        var replica = new ExternalService(null) { ["ConnectionStrings:mcptoolsdb"] = database.ConnectionString };
        await replica.InitializeAsync();
        return replica;
    }

    protected ExternalService(string? connectionName)
        : base(connectionName)
    {
        this["ExternalServers:Encryption:Key"] = Key;
        this["ExternalServers:PublicUrl"] = "http://jan.example.test";
        this["ExternalServers:PollSeconds"] = "1";
        this["ExternalServers:BreakAfter"] = "2";
        this["ExternalServers:BreakSeconds"] = "1";
        this["ExternalServers:ConnectSeconds"] = "10";
        this["ExternalServers:MaxMessageBytes"] = "262144";
        this["Outbound:AllowedHosts:0"] = "localhost";
    }

    /// <summary>What a caller's <c>tools/list</c> shows.</summary>
    public async Task<IReadOnlyList<Tool>> ToolsOf(Caller caller) => await Catalogue.ListAsync(caller, CancellationToken.None);

    /// <summary>Waits until the caller has a tool of that name.</summary>
    public async Task<Tool> ToolOf(Caller caller, string name)
    {
        Tool? found = null;
        await Eventually.True(async () => (found = (await ToolsOf(caller)).FirstOrDefault(tool => tool.Name == name)) is not null, $"a tool {name}");
        return found!;
    }

    /// <summary>Calls a tool.</summary>
    public Task<CallToolResult> CallAsync(
        Caller caller, string name, string arguments = "{}", IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null, CancellationToken ct = default) =>
        Catalogue.CallAsync(new(name, caller, ToolSchema.Parse(System.Text.Encoding.UTF8.GetBytes(arguments))) { Progress = progress }, ct).AsTask().Soon();

    private ToolCatalogue Catalogue
    {
        get
        {
            using var started = Anonymous();
            return Services.GetRequiredService<ToolCatalogue>();
        }
    }
}
