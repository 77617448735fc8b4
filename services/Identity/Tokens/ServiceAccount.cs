using System.Security.Cryptography;
using System.Text;
using JanServer.Identity.Clients;
using JanServer.Identity.Realms;

namespace JanServer.Identity.Tokens;

/// <summary>What a client is called when it acts for itself.</summary>
internal static class ServiceAccount
{
    /// <summary>The client whose roles open the admin API.</summary>
    public const string RealmManagement = "realm-management";

    public static string UsernameOf(Client client) => "service-account-" + client.Id;

    /// <summary>The same id on every replica and after every restart: a UUIDv8 (RFC 9562 section 5.8) over realm and client.</summary>
    public static Guid IdOf(Realm realm, Client client)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{realm.Name}/{client.Id}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
