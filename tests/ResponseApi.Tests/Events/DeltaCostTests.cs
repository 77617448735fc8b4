using System.Diagnostics;
using System.Text;
using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Events;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Upstreams;
using Xunit.Abstractions;

namespace JanServer.ResponseApi.Tests.Events;

public sealed class DeltaCostTests(ITestOutputHelper log)
{
    private const int Deltas = 20_000;

    [Fact]
    public async Task A_delta_costs_its_event_and_little_more()
    {
        var response = Given.Response("""{"model":"m","input":"x"}""");
        using var sink = new EventSink(response, new Silent(), CancellationToken.None);
        var writer = new AnswerWriter(sink, new(response.Progress), response, new Dictionary<string, JanServer.ResponseApi.Tools.IToolBinding>(), [], TimeProvider.System);
        var data = Encoding.UTF8.GetBytes(OpenAIShapes.Chunk(" word"));
        var chunk = new ChatChunk();
        await WriteAsync(1000);

        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        await WriteAsync(Deltas);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Deltas;
        log.WriteLine($"{Deltas / clock.Elapsed.TotalSeconds:N0} deltas/s, {bytes} bytes each");

        // The event itself is about 280 bytes. In a debug build every asynchronous method adds its state.
        Assert.InRange(bytes, 1, 1000);

        async Task WriteAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                ChunkReader.Read(data, chunk);
                await writer.WriteAsync(chunk, CancellationToken.None);
            }
        }
    }

    private sealed class Silent : IRunJournal
    {
        public ValueTask EmitAsync(ResponseEvent happened, CancellationToken ct) => ValueTask.CompletedTask;

        public ValueTask CheckpointAsync(Response response, CancellationToken ct) => ValueTask.CompletedTask;
    }
}
