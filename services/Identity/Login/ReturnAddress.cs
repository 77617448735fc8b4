using JanServer.Identity.Pages;

namespace JanServer.Identity.Login;

/// <summary>
/// Where the answer to an authorization request goes: an address that the client registered. Answers name their issuer, so that a
/// client of several issuers cannot be made to mix them up (RFC 9207).
/// </summary>
internal sealed record ReturnAddress(string RedirectUri, bool Fragment, string? State, string Issuer)
{
    public IResult WithCode(string code) => Redirection.To(RedirectUri, Fragment, ("code", code), ("state", State), ("iss", Issuer));

    public IResult WithError(string error, string description) =>
        Redirection.To(RedirectUri, Fragment, ("error", error), ("error_description", description), ("state", State), ("iss", Issuer));
}
