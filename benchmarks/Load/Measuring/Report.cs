using System.Globalization;
using System.Text;

namespace JanServer.Benchmarks.Load.Measuring;

/// <summary>Medians over the rounds, as a table per scenario; CPU also as a ratio to the bare proxy of the same run.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyList<Measurement> measurements, string reference, string command)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Load, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}` on {Environment.ProcessorCount} cores, .NET {Environment.Version}, mock upstream, driver and peers on the same machine.");
        text.AppendLine("Medians of the rounds. A round in which other processes took more than 10 % of a core is left out when quieter ones remain.");
        foreach (var scenario in measurements.GroupBy(m => m.Scenario))
        {
            var isStreams = scenario.First().Result.Transit is not null;
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {scenario.Key}").AppendLine();
            text.AppendLine(isStreams
                ? "| peer | CPU us per chunk | x reference | first chunk p50 / p99 ms | transit p50 / p99 ms | Postgres us per chunk | errors | resident MiB |"
                : "| peer | CPU us per request | x reference | requests/s | p50 / p99 us | Postgres us per request | errors | resident MiB |");
            text.AppendLine("|---|---|---|---|---|---|---|---|");
            var cpuOfReference = Median(Quiet(scenario.Where(m => m.Peer == reference)), m => m.CpuPerUnit);
            foreach (var peer in scenario.GroupBy(m => m.Peer))
            {
                var rounds = Quiet(peer);
                var cpu = Median(rounds, m => m.CpuPerUnit);
                var scale = isStreams ? 1000 : 1;
                text.AppendLine(CultureInfo.InvariantCulture, $"| {peer.Key} | {cpu:F1} | {cpu / cpuOfReference:F2} | {Middle(rounds, isStreams)} | {(isStreams ? Quantiles(rounds, m => m.Result.Transit!, 1000) : Quantiles(rounds, m => m.Result.Latency, scale))} | {Median(rounds, m => m.PostgresSeconds * 1e6 / Math.Max(1, m.Result.Done)):F1} | {peer.Sum(m => m.Result.Errors)} | {Median(rounds, m => m.ResidentKiB / 1024.0):F0} |");
            }
        }

        return text.ToString();
    }

    private static string Middle(IReadOnlyList<Measurement> rounds, bool isStreams) =>
        isStreams ? Quantiles(rounds, m => m.Result.Latency, 1000) : Median(rounds, m => m.Result.PerSecond).ToString("F0", CultureInfo.InvariantCulture);

    private static string Quantiles(IReadOnlyList<Measurement> rounds, Func<Measurement, Histogram> of, double scale) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(rounds, m => of(m).Microseconds(.5) / scale):F1} / {Median(rounds, m => of(m).Microseconds(.99) / scale):F1}");

    private static List<Measurement> Quiet(IEnumerable<Measurement> rounds)
    {
        var all = rounds.ToList();
        var quiet = all.Where(m => m.ForeignShare < 0.1).ToList();
        return quiet.Count > 0 ? quiet : all;
    }

    private static double Median(IReadOnlyList<Measurement> rounds, Func<Measurement, double> of)
    {
        var sorted = rounds.Select(of).Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[sorted.Count / 2];
    }
}
