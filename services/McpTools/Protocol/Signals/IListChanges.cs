using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>
/// How a source of tools, prompts or resources says that what it lists has changed, after the change is stored. The clients that are
/// concerned are told, whichever replica they are connected to.
/// </summary>
internal interface IListChanges
{
    /// <summary>The tools of a user, or of everyone when null, are others than before.</summary>
    ValueTask ToolsChangedAsync(Id<UserRef>? user, CancellationToken ct);

    /// <summary>The prompts of a user, or of everyone when null, are others than before.</summary>
    ValueTask PromptsChangedAsync(Id<UserRef>? user, CancellationToken ct);

    /// <summary>The resources of a user, or of everyone when null, are others than before.</summary>
    ValueTask ResourcesChangedAsync(Id<UserRef>? user, CancellationToken ct);

    /// <summary>The content of a resource of a user, or of everyone when null, is another than before.</summary>
    ValueTask ResourceUpdatedAsync(string uri, Id<UserRef>? user, CancellationToken ct);
}
