namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Where a URL of a user leads.</summary>
public enum OutboundReach
{
    /// <summary>Not http or https, or it carries a user or a password.</summary>
    BadUrl,

    /// <summary>The host is unknown, or one of its addresses may not be reached.</summary>
    Refused,

    /// <summary>Into a network that the operator allows; nobody else needs to know of it.</summary>
    Allowed,

    /// <summary>To the public internet only.</summary>
    Internet,
}
