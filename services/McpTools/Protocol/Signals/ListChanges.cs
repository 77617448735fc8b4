using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>Says it over the <see cref="SignalBus"/>.</summary>
internal sealed class ListChanges(SignalBus bus) : IListChanges
{
    public ValueTask ToolsChangedAsync(Id<UserRef>? user, CancellationToken ct) => bus.SendAsync(new(SignalKind.ToolsChanged, user?.Value), ct);

    public ValueTask PromptsChangedAsync(Id<UserRef>? user, CancellationToken ct) => bus.SendAsync(new(SignalKind.PromptsChanged, user?.Value), ct);

    public ValueTask ResourcesChangedAsync(Id<UserRef>? user, CancellationToken ct) => bus.SendAsync(new(SignalKind.ResourcesChanged, user?.Value), ct);

    public ValueTask ResourceUpdatedAsync(string uri, Id<UserRef>? user, CancellationToken ct) =>
        bus.SendAsync(new(SignalKind.ResourceUpdated, user?.Value, uri), ct);
}
