using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Resources;

/// <summary>The resources of all sources.</summary>
internal sealed class ResourceCatalogue(IEnumerable<IResourceSource> sources)
{
    /// <summary>What <c>resources/list</c> shows the caller, by URI.</summary>
    public async ValueTask<IReadOnlyList<Resource>> ListAsync(Caller caller, CancellationToken ct)
    {
        var resources = new List<Resource>();
        foreach (var source in sources)
        {
            resources.AddRange(await source.ListAsync(caller, ct));
        }

        return [.. resources.DistinctBy(resource => resource.Uri).OrderBy(resource => resource.Uri, StringComparer.Ordinal)];
    }

    /// <summary>What <c>resources/templates/list</c> shows the caller, by template.</summary>
    public async ValueTask<IReadOnlyList<ResourceTemplate>> ListTemplatesAsync(Caller caller, CancellationToken ct)
    {
        var templates = new List<ResourceTemplate>();
        foreach (var source in sources)
        {
            templates.AddRange(await source.ListTemplatesAsync(caller, ct));
        }

        return [.. templates.DistinctBy(template => template.UriTemplate).OrderBy(template => template.UriTemplate, StringComparer.Ordinal)];
    }

    /// <summary>Reads a resource, or null when the caller has none of that URI.</summary>
    public async ValueTask<ReadResourceResult?> ReadAsync(Caller caller, string uri, CancellationToken ct)
    {
        foreach (var source in sources)
        {
            if (await source.ReadAsync(caller, uri, ct) is { } result)
            {
                return result;
            }
        }

        return null;
    }

    /// <summary>Values for a variable of a template.</summary>
    /// <exception cref="McpProtocolException">There is no such template (-32602).</exception>
    public async ValueTask<IReadOnlyList<string>> CompleteAsync(Caller caller, string template, string argument, string value, CancellationToken ct)
    {
        foreach (var source in sources)
        {
            if (await source.CompleteAsync(caller, template, argument, value, ct) is { } values)
            {
                return values;
            }
        }

        throw new McpProtocolException($"Unknown resource template: '{template}'.", McpErrorCode.InvalidParams);
    }
}
