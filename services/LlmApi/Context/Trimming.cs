using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Context;

/// <summary>
/// Takes from a prompt until it fits, in the order in which it hurts least: old images, what is long in old messages, then the oldest
/// turns as a whole. A turn is a user message with everything up to the next one, so no tool result is left without its call and the
/// roles still alternate. Instructions, the last user message and the latest step after it always stay.
/// </summary>
internal sealed class Trimming
{
    private static readonly byte[] RemovedImage = "{\"type\":\"text\",\"text\":\"[image removed]\"}"u8.ToArray();
    private static readonly int RemovedImageTokens = TokenEstimate.Of("[image removed]");

    private readonly CountedPrompt _prompt;
    private readonly ContextOptions _options;
    private readonly int _budget;
    private readonly int[] _left;
    private readonly bool[] _dropped;
    private readonly List<(Piece Piece, byte[] With)> _cuts = [];

    private Trimming(CountedPrompt prompt, ContextOptions options, int budget)
    {
        (_prompt, _options, _budget) = (prompt, options, budget);
        var count = prompt.Map.Messages.Length;
        (_left, _dropped, Tokens) = (new int[count], new bool[count], prompt.Total);
        for (var i = 0; i < count; i++)
        {
            _left[i] = prompt.TokensOf(i);
        }
    }

    /// <summary>The tokens that are left; still more than the budget when no more can go.</summary>
    public int Tokens { get; private set; }

    public TrimReport Report { get; private set; } = new(0, 0, 0);

    private bool Fits => Tokens <= _budget;

    /// <summary>Works out what goes; <see cref="AddTo"/> makes it edits.</summary>
    public static Trimming Fit(ReadOnlySpan<byte> body, CountedPrompt prompt, ContextOptions options, int budget)
    {
        var trimming = new Trimming(prompt, options, budget);
        trimming.RemoveImages();
        trimming.Truncate(body);
        trimming.DropTurns();
        trimming.Report = new(
            trimming._dropped.Count(dropped => dropped),
            trimming._cuts.Count(cut => !trimming._dropped[cut.Piece.Message] && cut.Piece.Kind != PieceKind.Image),
            trimming._cuts.Count(cut => !trimming._dropped[cut.Piece.Message] && cut.Piece.Kind == PieceKind.Image));
        return trimming;
    }

    public void AddTo(EditList edits)
    {
        foreach (var (piece, with) in _cuts)
        {
            if (!_dropped[piece.Message])
            {
                edits.Replace(piece.Range, with);
            }
        }

        // What is dropped is never the last, so the comma after it goes too and the array stays one.
        var messages = _prompt.Map.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (_dropped[i])
            {
                edits.Cut(messages[i].Whole.Start, messages[i + 1].Whole.Start);
            }
        }
    }

    private void RemoveImages()
    {
        var kept = 0;
        for (var i = _prompt.Pieces.Count - 1; i >= 0 && !Fits; i--)
        {
            var piece = _prompt.Pieces[i];
            if (piece.Kind == PieceKind.Image && ++kept > _options.Images && piece.Message < _prompt.LastUser)
            {
                Cut(piece, RemovedImage, RemovedImageTokens);
            }
        }
    }

    private void Truncate(ReadOnlySpan<byte> body)
    {
        foreach (var piece in _prompt.Pieces)
        {
            var limit = LimitOf(piece);
            if (piece.Tokens <= limit)
            {
                continue;
            }

            if (Fits)
            {
                return;
            }

            if (JsonText.Decode(piece.Range.Of(body)) is not { } text)
            {
                continue;
            }

            var cut = piece.Kind == PieceKind.Arguments
                ? TextCut.Json(text, limit) ?? "{}"
                : _prompt.Map.Messages[piece.Message].IsToolResult ? TextCut.JsonOrText(text, limit) : TextCut.Text(text, limit);
            Cut(piece, JsonText.Encode(cut), TokenEstimate.Of(cut));
        }
    }

    private int LimitOf(Piece piece)
    {
        var role = _prompt.Map.Messages[piece.Message].Role;
        return piece.Kind switch
        {
            PieceKind.Arguments => _options.ToolArgumentTokens,
            PieceKind.Text or PieceKind.TextPart when role is MessageRole.Tool or MessageRole.Function => _options.ToolResultTokens,
            PieceKind.Text when role == MessageRole.User && piece.Message < _prompt.LastUser => _options.UserTextTokens,
            PieceKind.TextPart when role == MessageRole.User && piece.Message < _prompt.LastUser => _options.TextPartTokens,
            _ => int.MaxValue,
        };
    }

    private void Cut(Piece piece, byte[] with, int tokens)
    {
        _cuts.Add((piece, with));
        _left[piece.Message] -= piece.Tokens - tokens;
        Tokens -= piece.Tokens - tokens;
    }

    private void DropTurns()
    {
        var messages = _prompt.Map.Messages;
        var start = 0;
        while (start < messages.Length && !Fits)
        {
            if (start == _prompt.LastUser)
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < messages.Length && !Begins(messages[end], end))
            {
                end++;
            }

            if (IsLatest(messages, start, end))
            {
                return;
            }

            Drop(messages, start, end);
            start = end;
        }
    }

    // Before the last user message, turns go; after it, the steps of the turn that is being answered.
    private bool Begins(in MappedMessage message, int index) =>
        message.Role == MessageRole.User
        || (index > _prompt.LastUser && !message.IsToolResult && !message.IsInstruction);

    private bool IsLatest(ReadOnlySpan<MappedMessage> messages, int start, int end)
    {
        if (start < _prompt.LastUser)
        {
            return false;
        }

        foreach (var message in messages[end..])
        {
            if (!message.IsInstruction)
            {
                return false;
            }
        }

        return true;
    }

    private void Drop(ReadOnlySpan<MappedMessage> messages, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (!messages[i].IsInstruction)
            {
                _dropped[i] = true;
                Tokens -= _left[i];
            }
        }
    }
}
