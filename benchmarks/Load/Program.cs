using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using JanServer.Benchmarks.Load.Measuring;
using JanServer.Benchmarks.Load.Peers;
using JanServer.Benchmarks.Load.Scenarios;

// dotnet run -c Release --project benchmarks/Load -- [rounds] [peers] [scenarios] [output folder]; see benchmarks/README.md.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var peerNames = args.Length > 1 ? args[1].Split(',') : ["direct", "nginx", "yarp", "janserver"];
var scenarioNames = args.Length > 2 && args[2] != "all" ? args[2].Split(',') : [.. Scenario.All.Select(scenario => scenario.Name)];
var repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
var output = args.Length > 3 ? args[3] : Path.Combine(repository, "benchmarks", "results");
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, cancel) =>
{
    cancel.Cancel = true;
    stop.Cancel();
};

using var launcher = new Launcher(repository);
var mock = launcher.StartProject("MockUpstream");
await Launcher.WaitForAsync(new("http://127.0.0.1:27000/v1/models"), stop.Token);

var peers = new List<Peer>();
foreach (var name in peerNames)
{
    if (await StartAsync(name) is { } peer)
    {
        peers.Add(peer);
    }
    else
    {
        Console.WriteLine($"{name} is not installed and left out.");
    }
}

foreach (var peer in peers)
{
    // Until the optimizing compiler has been through the path, what is measured is the compiler.
    Console.WriteLine($"warming up {peer.Name}");
    await ClosedLoop.RunAsync(peer.Target, connections: 32, TimeSpan.FromSeconds(15), stop.Token);
    await Streams.RunAsync(peer.Target, count: 200, "mock-50-20-0", rounds: 2, stop.Token);
    await ClosedLoop.RunAsync(peer.Target, connections: 32, TimeSpan.FromSeconds(5), stop.Token);
}

var measurements = new List<Measurement>();
for (var round = 1; round <= rounds; round++)
{
    foreach (var scenario in Scenario.All.Where(scenario => scenarioNames.Contains(scenario.Name)))
    {
        // Interleaved, so that whatever else the machine does meets all peers alike.
        foreach (var peer in peers.Where(peer => !scenario.NeedsConversations || peer.Target.Conversations.Count > 0))
        {
            var measured = await MeasureAsync(peer, scenario, round);
            measurements.Add(measured);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{round} {scenario.Name,-12} {peer.Name,-30} cpu {measured.CpuPerUnit,7:F1} us  {measured.Result.PerSecond,8:F0}/s  p50 {measured.Result.Latency.Microseconds(.5),8:F0}  p99 {measured.Result.Latency.Microseconds(.99),8:F0} us  errors {measured.Result.Errors}  foreign {measured.ForeignShare:F2}"));
        }
    }
}

var report = Report.Markdown(measurements, "bare YARP", "dotnet run -c Release --project benchmarks/Load -- " + string.Join(' ', args));
Directory.CreateDirectory(output);
var path = Path.Combine(output, $"{DateTimeOffset.UtcNow:yyyy-MM-dd-HHmm}-load.md");
await File.WriteAllTextAsync(path, report);
Console.WriteLine(report);
Console.WriteLine(path);

async Task<Peer?> StartAsync(string name)
{
    switch (name)
    {
        case "direct":
            return Peer.On("direct", 27000);
        case "nginx":
            return await NginxPeer.StartAsync(launcher, stop.Token);
        case "yarp":
            var proxy = launcher.StartProject("BareProxy");
            await Launcher.WaitForAsync(new("http://127.0.0.1:27100/v1/models"), stop.Token);
            return Peer.On("bare YARP", 27100, proxy.Id);
        case "janserver":
            return await JanServerPeer.StartAsync(launcher, stop.Token);
        default:
            throw new ArgumentException($"No peer is called {name}.");
    }
}

async Task<Measurement> MeasureAsync(Peer peer, Scenario scenario, int round)
{
    int[] ours = [.. peer.Processes, .. peer.Postgres, mock.Id, Environment.ProcessId];
    var (machine, own, cpu, postgres) = (ProcessCpu.MachineSeconds(), ProcessCpu.Seconds(ours), ProcessCpu.Seconds(peer.Processes), ProcessCpu.Seconds(peer.Postgres));
    var start = Stopwatch.GetTimestamp();
    var result = await scenario.RunAsync(peer.Target, stop.Token);
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    var foreign = (ProcessCpu.MachineSeconds() - machine - (ProcessCpu.Seconds(ours) - own)) / seconds;
    return new(
        peer.Name,
        scenario.Name,
        round,
        result,
        ProcessCpu.Seconds(peer.Processes) - cpu,
        ProcessCpu.Seconds(peer.Postgres) - postgres,
        Math.Max(0, foreign),
        ProcessCpu.ResidentKiB(peer.Processes));
}

static string Here([CallerFilePath] string path = "") => path;
