using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.Protocol.Signals;

namespace JanServer.McpTools.External.Listing;

/// <summary>Tells clients, whichever replica they are connected to, that the tools of a server changed.</summary>
internal sealed class ListSignals(IListChanges changes)
{
    /// <summary>Says that the tools of a server, as a principal sees them, changed. Tools of an organization are news to everyone, who then looks.</summary>
    public ValueTask SendAsync(ExternalServer server, Guid principal, CancellationToken ct) =>
        changes.ToolsChangedAsync(principal != Guid.Empty ? new Id<UserRef>(principal) : server.UserId, ct);
}
