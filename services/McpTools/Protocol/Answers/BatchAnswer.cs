using System.Buffers;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>Collects the answers to the requests of a batch, which go out together.</summary>
internal sealed class BatchAnswer : IAnswer
{
    private readonly List<JsonRpcMessage> _answers = [];
    private readonly Lock _lock = new();

    public bool CanNotify => false;

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken ct) => default;

    public ValueTask FinishAsync(JsonRpcMessage answer, CancellationToken ct)
    {
        lock (_lock)
        {
            _answers.Add(answer);
        }

        return default;
    }

    public ValueTask AbandonAsync(CancellationToken ct) => default;

    public ValueTask KeepAliveAsync(CancellationToken ct) => default;

    /// <summary>Answers with what was collected: an array, or an event for each; 202 when nothing asked for an answer.</summary>
    public async ValueTask WriteAsync(HttpResponse response, AnswerForm form, CancellationToken ct)
    {
        if (_answers.Count == 0)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        if (form == AnswerForm.Events)
        {
            var stream = new EventStream(response);
            await stream.BeginAsync(StatusCodes.Status200OK, ct);
            foreach (var answer in _answers)
            {
                await stream.WriteAsync(answer, ct);
            }

            return;
        }

        var json = new ArrayBufferWriter<byte>();
        var separator = "["u8.ToArray();
        foreach (var answer in _answers)
        {
            json.Write(separator);
            json.Write(McpJson.Bytes(answer));
            separator = ","u8.ToArray();
        }

        json.Write("]"u8);
        await JsonAnswer.WriteAsync(response, StatusCodes.Status200OK, json.WrittenMemory, ct);
    }
}
