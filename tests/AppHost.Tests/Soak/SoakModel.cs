using JanServer.Testing.Upstreams;

namespace JanServer.AppHost.Tests.Soak;

/// <summary>The answers of the soak's model: the question again in pieces, a little apart, so that many streams are open at once.</summary>
internal sealed class SoakModel
{
    public const int Pieces = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private int _open;

    /// <summary>How many answers are being given now.</summary>
    public int Open => Volatile.Read(ref _open);

    public static string TextFor(string question) => string.Concat(PiecesFor(question));

    public async Task AnswerAsync(FakeExchange exchange)
    {
        Interlocked.Increment(ref _open);
        try
        {
            var question = (string)exchange.Request.Json["messages"]![0]!["content"]!;
            foreach (var piece in PiecesFor(question))
            {
                await exchange.EventAsync(OpenAIShapes.Chunk(piece, "soak-model"));
                await Task.WhenAny(exchange.ClientGone, Task.Delay(Pause));
                if (exchange.ClientGone.IsCompleted)
                {
                    return;
                }
            }

            await exchange.EventAsync(OpenAIShapes.FinishChunk(model: "soak-model"));
            await exchange.EventAsync(OpenAIShapes.UsageChunk(completionTokens: Pieces, model: "soak-model"));
            await exchange.DoneAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static IEnumerable<string> PiecesFor(string question) => Enumerable.Range(0, Pieces).Select(n => $"{question}/{n} ");
}
