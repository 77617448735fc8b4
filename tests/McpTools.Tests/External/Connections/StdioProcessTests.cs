using System.Diagnostics;
using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.Servers;
using JanServer.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace JanServer.McpTools.Tests.External.Connections;

public sealed class StdioProcessTests
{
    [Fact]
    public async Task A_program_that_does_not_go_is_killed_with_what_it_started()
    {
        var process = Start("trap '' TERM HUP INT; sleep 1000 & echo $!; while :; do sleep 1; done");
        using var reader = new StreamReader(process.Output);
        var child = int.Parse((await reader.ReadLineAsync().Soon())!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(IsRunning(process.Id) && IsRunning(child));

        var id = process.Id;
        await process.DisposeAsync().AsTask().Soon();

        await Eventually.True(() => !IsRunning(id) && !IsRunning(child));
    }

    [Fact]
    public async Task A_program_that_goes_at_the_end_of_its_input_is_let_go()
    {
        var process = Start("cat > /dev/null; exit 0");
        var clock = Stopwatch.StartNew();
        await process.DisposeAsync().AsTask().Soon();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
    }

    private static StdioProcess Start(string script)
    {
        var now = DateTimeOffset.UnixEpoch;
        var (server, _, error) = ServerDraft.Of(
            new() { Label = "sh", Transport = ExternalServer.Stdio, Command = "sh", Args = ["-c", script] }, now, Id<ExternalServer>.New(TimeProvider.System));
        Assert.Null(error);
        return StdioProcess.Start(server!, new Dictionary<string, string>(), NullLogger.Instance);
    }

    // A process that ended and waits for its parent is not running.
    private static bool IsRunning(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
