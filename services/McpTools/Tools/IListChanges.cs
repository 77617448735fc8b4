using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.McpTools.Tools;

/// <summary>Whose list of tools changed.</summary>
/// <param name="User">One user's; else null.</param>
/// <param name="Organization">Those of an organization's members; null with <paramref name="User"/> null for everybody.</param>
internal sealed record ListAudience(Id<UserRef>? User = null, Id<OrganizationRef>? Organization = null);

/// <summary>
/// Where it is said that tools came, went or changed, on whichever replica, and where the MCP server hears it to send
/// <c>notifications/tools/list_changed</c>.
/// </summary>
internal interface IListChanges
{
    /// <summary>Raised on this replica; handlers return at once.</summary>
    event Action<ListAudience>? ToolsChanged;

    /// <summary>Says so to the handlers of this replica.</summary>
    void Raise(ListAudience audience);
}

internal sealed class ListChanges : IListChanges
{
    public event Action<ListAudience>? ToolsChanged;

    public void Raise(ListAudience audience) => ToolsChanged?.Invoke(audience);
}
