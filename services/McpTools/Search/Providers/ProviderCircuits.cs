using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

/// <summary>The circuit of each provider.</summary>
internal sealed class ProviderCircuits(IOptions<ProviderOptions> options, TimeProvider clock)
{
    public FrozenDictionary<string, ProviderCircuit> All { get; } =
        ProviderNames.Remote.ToFrozenDictionary(name => name, _ => new ProviderCircuit(options.Value, clock), StringComparer.Ordinal);
}
