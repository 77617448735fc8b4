using Aspire.Hosting.Local;

namespace JanServer.LocalOrchestrator.Tests.Running;

public sealed class ResourceLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_reader_gets_what_was_before_it_and_then_every_new_line()
    {
        using var log = new ResourceLog();
        log.Append("before");
        using var stop = new CancellationTokenSource();
        await using var reader = log.ReadAsync(stop.Token).GetAsyncEnumerator();

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("before", reader.Current);
        log.Append("after");
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("after", reader.Current);
    }

    [Fact]
    public void The_file_of_the_run_before_stays_and_a_full_one_makes_room()
    {
        using (var earlier = new ResourceLog())
        {
            earlier.OpenFile(_folder["service.log"]);
            earlier.Append("earlier run");
        }

        using var log = new ResourceLog();
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
        using var log = new ResourceLog();
        foreach (var number in Enumerable.Range(0, 2500))
        {
            log.Append($"{number}");
        }

        Assert.Equal(2000, log.Tail(int.MaxValue).Count);
        Assert.Equal("2499", log.Tail(1).Single());
    }
}
