namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>Why a token is refused.</summary>
public enum JwtFailure
{
    /// <summary>It is not refused.</summary>
    None,

    /// <summary>It is longer than <see cref="JwtValidator.MaxTokenLength"/> characters.</summary>
    TooLarge,

    /// <summary>It is not three base64url parts of which two are JSON objects with unique members (RFC 7515 section 3.1).</summary>
    Malformed,

    /// <summary>It is no access token, but an ID, refresh or logout token, or another kind of JWT (RFC 8725 section 3.11).</summary>
    WrongType,

    /// <summary>Its header names critical extensions, of which we know none (RFC 7515 section 4.1.11).</summary>
    CriticalHeader,

    /// <summary>Its algorithm is <c>none</c>, unknown, or not one that its key may be used with (RFC 8725 section 3.1).</summary>
    AlgorithmNotAllowed,

    /// <summary>The issuer has no key of that id.</summary>
    UnknownKey,

    /// <summary>The signature does not verify.</summary>
    BadSignature,

    /// <summary>It lacks <c>exp</c>, <c>sub</c>, <c>iss</c> or <c>aud</c>, or has one of the wrong type.</summary>
    MissingClaim,

    /// <summary>Its <c>exp</c> is past.</summary>
    Expired,

    /// <summary>Its <c>nbf</c> or <c>iat</c> is in the future.</summary>
    NotYetValid,

    /// <summary>It is of another issuer.</summary>
    WrongIssuer,

    /// <summary>It is for another audience.</summary>
    WrongAudience,

    /// <summary>The issuer's keys could never be loaded, so nothing can be said about the token: 503, not 401.</summary>
    KeysUnavailable,
}
