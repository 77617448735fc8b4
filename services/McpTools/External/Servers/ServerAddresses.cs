using System.Collections.Frozen;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Servers;

/// <summary>
/// The ways out to external servers: one for those of users, one that also reaches the hosts that the operator allows those of
/// administrators. Every connection is checked; see <see cref="GuardedHandlers"/>.
/// </summary>
internal sealed class ServerAddresses : IDisposable
{
    private readonly GuardedHandlers _handlers;
    private readonly FrozenSet<string> _administrators;
    private readonly SocketsHttpHandler _ofUsers;
    private readonly SocketsHttpHandler _ofAdministrators;
    private readonly OutboundClient _client;
    private readonly OutboundClient _administratorsClient;

    public ServerAddresses(GuardedHandlers handlers, OutboundClient client, IOptions<ExternalOptions> options, TimeProvider clock)
    {
        _handlers = handlers;
        _administrators = FrozenSet.ToFrozenSet(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);
        _ofUsers = handlers.Create();
        _ofAdministrators = handlers.Create(_administrators);
        _client = client;
        _administratorsClient = handlers.CreateClient(_administrators, clock);
    }

    /// <summary>For MCP itself. It belongs to this object.</summary>
    public HttpMessageHandler HandlerFor(ExternalServer server) => server.IsOfAdministrators ? _ofAdministrators : _ofUsers;

    /// <summary>For what belongs to signing in.</summary>
    public OutboundClient ClientFor(ExternalServer server) => server.IsOfAdministrators ? _administratorsClient : _client;

    /// <summary>Refuses an endpoint that cannot be reached as things stand.</summary>
    public async Task<ApiError?> CheckAsync(string url, bool ofAdministrators, CancellationToken ct) =>
        await _handlers.AllowsAsync(new Uri(url).IdnHost, ofAdministrators ? _administrators : null, ct)
            ? null
            : OutboundFailure.Refused.ToApiError("url");

    public void Dispose()
    {
        _ofUsers.Dispose();
        _ofAdministrators.Dispose();
        _administratorsClient.Dispose();
    }
}
