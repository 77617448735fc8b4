using System.Runtime.CompilerServices;
using JanServer.Testing.Requirements;

namespace JanServer.Identity.Tests.RelyingParties;

/// <summary>The npm package openid-client, unchanged: discovery, code flow, ID token checks, userinfo, refresh, revocation, logout.</summary>
public sealed class OpenIdClientTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [NpmFact]
    public async Task A_foreign_relying_party_works_unchanged()
    {
        var user = await host.UserAsync();
        using var project = await NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "openid-client-node"));

        var output = await project.RunScriptAsync(
            "relying-party.mjs",
            [],
            ("JAN_ISSUER", IdentityHost.Issuer),
            ("JAN_ADDRESS", host.Address.AbsoluteUri),
            ("JAN_USER", user.Name),
            ("JAN_PASSWORD", TestUser.Password));

        Assert.Equal("ok", output.Trim());
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
