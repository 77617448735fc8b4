using System.Security.Claims;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>Carries a <see cref="Caller"/> through ASP.NET Core's user, for authorization policies and for logging.</summary>
public sealed class CallerIdentity(Caller caller) : ClaimsIdentity([new Claim("sub", caller.Subject)], authenticationType: "Caller", "sub", "role")
{
    /// <summary>Who is calling.</summary>
    public Caller Caller => caller;

    /// <summary>The principal that authentication handlers report.</summary>
    public static ClaimsPrincipal PrincipalOf(Caller caller) => new(new CallerIdentity(caller));
}
