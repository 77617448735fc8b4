using System.Diagnostics.CodeAnalysis;

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>What became of validating a token: its claims, or why it is refused.</summary>
public readonly record struct JwtResult
{
    private JwtResult(JwtClaims? claims, JwtFailure failure)
    {
        Claims = claims;
        Failure = failure;
    }

    /// <summary>The claims of a valid token.</summary>
    public JwtClaims? Claims { get; }

    /// <summary>Why the token is refused; <see cref="JwtFailure.None"/> for a valid one.</summary>
    public JwtFailure Failure { get; }

    /// <summary>Whether the token is valid.</summary>
    [MemberNotNullWhen(true, nameof(Claims))]
    public bool IsValid => Claims is not null;

    /// <summary>A valid token.</summary>
    public static JwtResult Valid(JwtClaims claims) => new(claims, JwtFailure.None);

    /// <summary>A refused token.</summary>
    public static JwtResult Refused(JwtFailure failure) => new(null, failure);
}
