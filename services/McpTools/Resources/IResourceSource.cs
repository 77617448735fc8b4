using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Resources;

/// <summary>Gives resources that a client reads. Several sources add up; see <see cref="ResourceCatalogue"/>.</summary>
internal interface IResourceSource
{
    /// <summary>The resources that the caller may read, without those of templates.</summary>
    ValueTask<IReadOnlyList<Resource>> ListAsync(Caller caller, CancellationToken ct);

    /// <summary>The families of resources that the caller may read.</summary>
    ValueTask<IReadOnlyList<ResourceTemplate>> ListTemplatesAsync(Caller caller, CancellationToken ct);

    /// <summary>A resource's content, or null when this source has none of that URI for the caller.</summary>
    ValueTask<ReadResourceResult?> ReadAsync(Caller caller, string uri, CancellationToken ct);

    /// <summary>
    /// Values for a variable of a template that begin like <paramref name="value"/>, best first, or null when this source has no such template.
    /// </summary>
    ValueTask<IReadOnlyList<string>?> CompleteAsync(Caller caller, string template, string argument, string value, CancellationToken ct);
}
