using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.Protocol.Signals;

namespace JanServer.McpTools.External.Listing;

/// <summary>Says whose tools changed when those of a server did. The members of an organization are not known here, so everyone is told.</summary>
internal sealed class ListSignals(IEnumerable<IListChanges> changes)
{
    /// <summary>Says that the tools of a server, as a principal sees them, changed.</summary>
    public async Task SendAsync(ExternalServer server, Guid principal, CancellationToken ct)
    {
        var user = principal != Guid.Empty ? new Id<UserRef>(principal) : server.UserId;
        foreach (var one in changes)
        {
            await one.ToolsChangedAsync(user, ct);
        }
    }
}
