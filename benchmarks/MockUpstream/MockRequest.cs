using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace JanServer.Benchmarks.MockUpstream;

/// <summary>What a request asks of the mock, found by looking for two byte patterns instead of parsing JSON.</summary>
internal readonly record struct MockRequest(bool Stream, int Chunks, int Delay, int Latency)
{
    /// <summary>The models that benchmarks use; a gateway that routes by listed models must know them.</summary>
    public static IReadOnlyList<string> ListedModels { get; } =
        ["mock-model", "mock-100-20-0", "mock-100-10-0", "mock-50-20-0", "mock-20-0-0", "mock-500-0-0", "mock-2-30000-0"];

    public static async Task<MockRequest> ReadAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted)
            {
                var request = Parse(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return request;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static MockRequest Parse(ReadOnlySequence<byte> body)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        var (chunks, delay, latency) = (100, 20, 0);
        var model = bytes.IndexOf("\"mock-"u8);
        if (model >= 0)
        {
            var numbers = bytes[(model + "\"mock-"u8.Length)..];
            if (TryTake(ref numbers, out var a) && TryTake(ref numbers, out var b) && TryTake(ref numbers, out var c))
            {
                (chunks, delay, latency) = (a, b, c);
            }
        }

        var stream = bytes.IndexOf("\"stream\""u8);
        return new(stream >= 0 && bytes[(stream + "\"stream\""u8.Length)..].TrimStart(" :"u8).StartsWith("true"u8), chunks, delay, latency);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, out int number)
    {
        if (!Utf8Parser.TryParse(text, out number, out var length))
        {
            return false;
        }

        text = text[length..].TrimStart((byte)'-');
        return true;
    }
}
