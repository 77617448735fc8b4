using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Chat;

/// <summary>
/// One event of a model's stream. The reader uses one chunk for the whole stream, so that a delta costs no garbage: its memory is valid
/// until the next one is read.
/// </summary>
internal sealed class ChatChunk
{
    private byte[] _scratch = new byte[1024];
    private int _used;

    /// <summary>Text of the answer, UTF-8; empty for none.</summary>
    public ReadOnlyMemory<byte> Text { get; set; }

    /// <summary>Reasoning, UTF-8.</summary>
    public ReadOnlyMemory<byte> Reasoning { get; set; }

    /// <summary>Text of a refusal, UTF-8.</summary>
    public ReadOnlyMemory<byte> Refusal { get; set; }

    /// <summary>The array <c>logprobs.content</c> as JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Logprobs { get; set; }

    /// <summary>Parts of tool calls.</summary>
    public List<CallDelta> Calls { get; } = [];

    /// <summary>Why the model stopped; null until it does.</summary>
    public string? FinishReason { get; set; }

    public RunUsage? Usage { get; set; }

    /// <summary>The error that came instead of a delta.</summary>
    public ChatFailure? Failure { get; set; }

    /// <summary>Whether this is <c>[DONE]</c>.</summary>
    public bool IsDone { get; set; }

    /// <summary>The bytes that this chunk adds to the answer.</summary>
    public int Length
    {
        get
        {
            var length = Text.Length + Reasoning.Length + Refusal.Length + Logprobs.Length;
            foreach (var call in Calls)
            {
                length += call.Arguments.Length;
            }

            return length;
        }
    }

    public void Clear()
    {
        _used = 0;
        Text = Reasoning = Refusal = Logprobs = default;
        Calls.Clear();
        (FinishReason, Usage, Failure, IsDone) = (null, null, null, false);
    }

    /// <summary>Room for <paramref name="length"/> bytes that stay until <see cref="Clear"/>.</summary>
    public Memory<byte> Take(int length)
    {
        if (_scratch.Length - _used < length)
        {
            // What was taken before keeps the old array alive.
            _scratch = new byte[Math.Max(length, _scratch.Length * 2)];
            _used = 0;
        }

        var taken = _scratch.AsMemory(_used, length);
        _used += length;
        return taken;
    }
}

/// <summary>A part of a tool call.</summary>
/// <param name="Index">Which call of the answer; -1 when the server does not say.</param>
/// <param name="Id">In the first part only.</param>
/// <param name="Name">In the first part only.</param>
/// <param name="Arguments">More of the arguments' text, UTF-8.</param>
internal readonly record struct CallDelta(int Index, string? Id, string? Name, ReadOnlyMemory<byte> Arguments);
