namespace JanServer.Gateway.Authentication;

/// <summary>Headers that prove or claim who someone is. None of them passes from the client to a service by accident.</summary>
internal static class CredentialHeaders
{
    /// <summary>Where an API key may be sent besides <c>Authorization</c>.</summary>
    public static readonly string[] ApiKey = ["X-API-Key", "apikey"];

    /// <summary>Names that only we, or gateways before us, may set; the reference system believed them.</summary>
    public static readonly string[] Claimed =
    [
        "Jan-Caller",
        "X-Auth-Method",
        "X-Principal-Id",
        "X-Credential-Identifier",
        "X-Scopes",
        "X-Roles",
        "X-Forwarded-User",
        "X-Forwarded-Email",
        "X-Remote-User",
        "Remote-User",
        "X-Anonymous-Consumer",
        "Forwarded",
        "X-Real-IP",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Http-Method-Override",
    ];

    /// <summary>Families of such names.</summary>
    public static readonly string[] ClaimedPrefixes =
    [
        "X-User-",
        "X-Consumer-",
        "X-Authenticated-",
        "X-Gateway-",
        "X-Jan-",
        "X-Forwarded-",
        "X-Original-",
        "Jan-",
    ];

    /// <summary>Whether a client may not send this header.</summary>
    public static bool IsClaimed(string name)
    {
        // Nearly every header of a real request starts with another letter.
        if (name.Length == 0 || (name[0] | 0x20) is not ('x' or 'j' or 'f' or 'r'))
        {
            return false;
        }

        foreach (var prefix in ClaimedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var claimed in Claimed)
        {
            if (name.Equals(claimed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
