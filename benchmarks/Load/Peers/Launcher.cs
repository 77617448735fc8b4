using System.Diagnostics;
using System.Globalization;

namespace JanServer.Benchmarks.Load.Peers;

/// <summary>Starts the processes of a run and stops those it started, by id.</summary>
internal sealed class Launcher(string repository) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly List<Process> _started = [];

    public string Repository => repository;

    public Process Start(string command, IEnumerable<string> arguments, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var info = new ProcessStartInfo(command, arguments) { WorkingDirectory = repository, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException($"{command} did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.Add(process);
        return process;
    }

    public Process StartProject(string project, params IEnumerable<string> arguments) =>
        Start("dotnet", [Path.Combine(repository, "benchmarks", project, "bin", "Release", "net10.0", $"JanServer.Benchmarks.{project}.dll"), .. arguments]);

    public static async Task WaitForAsync(Uri address, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(address, ct);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                if (ct.IsCancellationRequested || Stopwatch.GetElapsedTime(start) > Deadline)
                {
                    throw;
                }
            }

            await Task.Delay(100, ct);
        }
    }

    /// <summary>The ids of processes whose command line holds the text.</summary>
    public static IReadOnlyList<int> Find(string text) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(folder)
           where name.All(char.IsAsciiDigit) && CommandLine(folder).Contains(text, StringComparison.Ordinal)
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_started))
        {
            if (!process.HasExited)
            {
                // SIGTERM first: the stack stops its own children.
                using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                if (!process.WaitForExit(TimeSpan.FromSeconds(15)))
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            process.Dispose();
        }
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return "";
        }
    }
}
