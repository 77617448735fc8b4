using System.Diagnostics;
using Xunit;

namespace JanServer.Testing.Requirements;

/// <summary>A copy of a folder with a package.json and its lock file, whose packages are installed and whose scripts can be run.</summary>
public sealed class NodeProject : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jan-node");

    private NodeProject()
    {
    }

    /// <summary>Where it is, for a program that runs longer than a script.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Copies <paramref name="source"/> and installs what its lock file says, without running any package's scripts.</summary>
    public static async Task<NodeProject> InstallAsync(string source)
    {
        var project = new NodeProject();
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(project._folder.FullName, Path.GetFileName(file)));
        }

        await project.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], []);
        return project;
    }

    /// <summary>Runs a script with Node and returns what it printed; a script that fails fails the test.</summary>
    public Task<string> RunScriptAsync(string script, string[] arguments, params IReadOnlyList<(string Name, string Value)> environment) =>
        RunAsync("node", [script, .. arguments], environment);

    /// <summary>Removes the copy.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> RunAsync(string command, string[] arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        var info = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = _folder.FullName,
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
}
