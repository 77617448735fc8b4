using System.Diagnostics;
using System.Runtime.CompilerServices;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Clients;

/// <summary>Runs the scenarios of <c>openai-node/scenarios.mjs</c>, with the packages of its lock file in a temporary folder.</summary>
public sealed class NodeSdk : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jan-openai-node");

    public async Task InitializeAsync()
    {
        if (ProgramOnPath.Find("npm") is null)
        {
            // The tests are skipped and say so.
            return;
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(Here())!, "openai-node")))
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }

        await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    public Task<string> RunScenarioAsync(string scenario, Uri baseUrl, string apiKey) =>
        RunAsync("node", ["scenarios.mjs", scenario], ("JAN_BASE_URL", baseUrl.ToString()), ("JAN_API_KEY", apiKey));

    private async Task<string> RunAsync(string command, string[] arguments, params IReadOnlyList<(string Name, string Value)> environment)
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

    private static string Here([CallerFilePath] string path = "") => path;
}
