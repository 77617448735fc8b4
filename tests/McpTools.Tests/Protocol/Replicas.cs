using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>Two replicas of the service on one database.</summary>
public sealed class Replicas : IAsyncLifetime
{
    public ProtocolService First { get; } = new();

    public ProtocolService Second { get; } = new();

    public async Task InitializeAsync()
    {
        await First.InitializeAsync();
        Second["ConnectionStrings:mcptoolsdb"] = First.Database.ConnectionString;
        await Second.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)Second).DisposeAsync();
        await ((IAsyncLifetime)First).DisposeAsync();
    }

    /// <summary>A client of a new user who has a session; its requests go to the first replica and those of the other to the second.</summary>
    public async Task<(McpSession First, McpSession Second)> ConnectAsync(string revision = "2025-11-25", Caller? caller = null)
    {
        caller ??= TestCallers.User();
        var first = await McpSession.ConnectAsync(new(First.ClientFor(caller)), revision);
        return (first, first.On(new(Second.ClientFor(caller))));
    }
}
