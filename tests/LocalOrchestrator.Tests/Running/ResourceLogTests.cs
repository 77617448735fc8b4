using System.Threading.Channels;
using Aspire.Hosting.Local;

namespace JanServer.LocalOrchestrator.Tests.Running;

public sealed class ResourceLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_reader_gets_what_was_before_it_and_then_every_new_line_until_it_leaves()
    {
        using var log = new ResourceLog("service");
        var lines = Channel.CreateUnbounded<LogLine>();
        log.Append("before");

        var before = log.Follow(lines.Writer);
        log.AppendError("after");
        log.Unfollow(lines.Writer);
        log.Append("unheard");

        Assert.Equal(("service", 1L, "before", false), Parts(Assert.Single(before)));
        Assert.True(lines.Reader.TryRead(out var after));
        Assert.Equal(("service", 2L, "after", true), Parts(after));
        Assert.False(lines.Reader.TryRead(out _));

        static (string Resource, long Number, string Text, bool IsError) Parts(LogLine line) =>
            (line.Resource, line.Number, line.Text, line.IsError);
    }

    [Fact]
    public void The_file_of_the_run_before_stays_and_a_full_one_makes_room()
    {
        using (var earlier = new ResourceLog("service"))
        {
            earlier.OpenFile(_folder["service.log"]);
            earlier.Append("earlier run");
        }

        using var log = new ResourceLog("service");
        log.OpenFile(_folder["service.log"]);
        Assert.Equal("earlier run", File.ReadAllText(_folder["service.log.1"]).Trim());

        var line = new string('x', 1024 * 1024);
        for (var i = 0; i < 25; i++)
        {
            log.Append(line);
        }

        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.InRange(new FileInfo(file).Length, 0, 12 * 1024 * 1024));
    }

    [Fact]
    public void Memory_keeps_the_last_lines_only()
    {
        using var log = new ResourceLog("service");
        foreach (var number in Enumerable.Range(0, 2500))
        {
            log.Append($"{number}");
        }

        Assert.Equal(2000, log.Tail(int.MaxValue).Count);
        Assert.Equal("2499", log.Tail(1).Single());
    }
}
