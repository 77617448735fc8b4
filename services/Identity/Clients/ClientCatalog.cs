using JanServer.Identity.Realms;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Clients;

/// <summary>The clients of the configuration.</summary>
internal sealed class ClientCatalog(IOptions<RealmOptions> options)
{
    private readonly Dictionary<(string Realm, string Id), Client> _clients = options.Value.Clients
        .ToDictionary(client => (client.Value.Realm, client.Key), client => new Client(client.Key, client.Value));

    public Client? Find(Realm realm, string? id) => id is null ? null : _clients.GetValueOrDefault((realm.Name, id));
}
