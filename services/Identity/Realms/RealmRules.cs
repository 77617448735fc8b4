using JanServer.Identity.Clients;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Realms;

/// <summary>The rules of <see cref="RealmOptions"/> that attributes cannot say.</summary>
internal sealed class RealmRules : IValidateOptions<RealmOptions>
{
    private const int MinSecretLength = 16;
    private const int MinKeyBytes = 32;

    public ValidateOptionsResult Validate(string? name, RealmOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(RealmOptions options)
    {
        if (options.PublicUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
        {
            yield return "Identity:PublicUrl must be an absolute http(s) address, for example http://localhost:8085.";
        }

        var key = new byte[options.KeyEncryptionKey.Length];
        if (!Convert.TryFromBase64String(options.KeyEncryptionKey, key, out var length) || length < MinKeyBytes)
        {
            yield return $"Identity:KeyEncryptionKey must be base64 of at least {MinKeyBytes} random bytes.";
        }

        foreach (var (id, client) in options.Clients)
        {
            foreach (var failure in Failures(id, client))
            {
                yield return failure;
            }
        }
    }

    private static IEnumerable<string> Failures(string id, ClientOptions client)
    {
        if (client is { Public: true, Secret: not null })
        {
            yield return $"Identity:Clients:{id}:Secret is set, but a public client has no secret.";
        }

        if (client is { Public: false, Secret.Length: < MinSecretLength })
        {
            yield return $"Identity:Clients:{id}:Secret must have at least {MinSecretLength} characters.";
        }

        if (Realm.Names.All(known => known != client.Realm))
        {
            yield return $"Identity:Clients:{id}:Realm must be one of: {string.Join(", ", Realm.Names)}.";
        }

        foreach (var pattern in client.RedirectUris.Where(pattern => !RedirectUris.IsAcceptablePattern(pattern)))
        {
            yield return $"Identity:Clients:{id}:RedirectUris: '{pattern}' is not an absolute address without fragment; "
                + "a trailing * is allowed on loopback addresses only.";
        }
    }
}
