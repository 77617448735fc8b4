using System.Threading.Channels;
using JanServer.McpTools.Protocol.Answers;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Dispatch;

/// <summary>
/// The SDK's view of one POST: a transport over which one request comes in and its notifications and answer go out. Nothing of a client
/// is kept between requests, so any replica can take any of them.
/// </summary>
internal sealed class Exchange(IAnswer answer, RequestId id) : ITransport
{
    private const int MaxWaiting = 16;

    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateBounded<JsonRpcMessage>(MaxWaiting);
    private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the answer has been sent; true for a result, false for an error.</summary>
    public Task<bool> Answered => _answered.Task;

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    /// <summary>Hands the server a message of the client.</summary>
    public ValueTask ReceiveAsync(JsonRpcMessage message, CancellationToken ct) => _incoming.Writer.WriteAsync(message, ct);

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is not (JsonRpcResponse or JsonRpcError) || ((JsonRpcMessageWithId)message).Id != id)
        {
            await answer.SendAsync(message, cancellationToken);
            return;
        }

        try
        {
            await answer.FinishAsync(message, cancellationToken);
        }
        finally
        {
            _answered.TrySetResult(message is JsonRpcResponse);
        }
    }

    public ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        return default;
    }
}
