using System.Diagnostics;
using System.Runtime.CompilerServices;
using JanServer.Testing.Requirements;

namespace JanServer.Identity.Tests.RelyingParties;

/// <summary>The npm package openid-client, unchanged: discovery, code flow, ID token checks, userinfo, refresh, revocation, logout.</summary>
public sealed class OpenIdClientTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [NpmFact]
    public async Task A_foreign_relying_party_works_unchanged()
    {
        var user = await host.UserAsync();
        var folder = Directory.CreateTempSubdirectory("jan-openid-client");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(Here())!, "openid-client-node")))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            await RunAsync(folder, "npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
            var output = await RunAsync(
                folder,
                "node",
                ["relying-party.mjs"],
                ("JAN_ISSUER", IdentityHost.Issuer),
                ("JAN_ADDRESS", host.Address.AbsoluteUri),
                ("JAN_USER", user.Name),
                ("JAN_PASSWORD", TestUser.Password));

            Assert.Equal("ok", output.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(
        DirectoryInfo folder, string command, string[] arguments, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var info = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
