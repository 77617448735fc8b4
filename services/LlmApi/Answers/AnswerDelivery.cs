using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Streaming;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Answers;

/// <summary>What becomes of an answer: how the client gets it, what is kept of it, and when it counts as given.</summary>
internal sealed class AnswerDelivery(Exchange exchange, AnswerRewrite rewrite, AnswerCapture? capture, Bookkeeping books)
{
    public AnswerRewrite Rewrite => rewrite;

    /// <summary>What is kept of the answer; null when nothing is stored.</summary>
    public AnswerCapture? Capture => capture;

    /// <summary>Writes down how the exchange ended and what it said, before the client sees the end.</summary>
    public ValueTask CommitAsync(UpstreamFailure? failure)
    {
        exchange.Failure = failure?.Reason;
        exchange.Status = failure is null ? ExchangeStatus.Succeeded : ExchangeStatus.Failed;
        return books.CloseAsync(exchange);
    }
}
