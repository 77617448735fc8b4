using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>Where the messages go that a request brings about.</summary>
internal interface IAnswer
{
    /// <summary>Whether more than the final answer can be sent.</summary>
    bool CanNotify { get; }

    /// <summary>Sends a notification, or a request to the client, ahead of the answer. Does nothing when <see cref="CanNotify"/> is false.</summary>
    ValueTask SendAsync(JsonRpcMessage message, CancellationToken ct);

    /// <summary>Sends the answer, which is the last message.</summary>
    ValueTask FinishAsync(JsonRpcMessage answer, CancellationToken ct);

    /// <summary>Ends without an answer, because the client has cancelled the request.</summary>
    ValueTask AbandonAsync(CancellationToken ct);

    /// <summary>Says that the answer still comes. Called after each interval of silence.</summary>
    ValueTask KeepAliveAsync(CancellationToken ct);
}
