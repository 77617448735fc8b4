using System.Text.Json;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Context;

internal enum PieceKind
{
    /// <summary>A content that is a string.</summary>
    Text,

    /// <summary>The text of a text part.</summary>
    TextPart,

    /// <summary>An image, as a whole part.</summary>
    Image,

    /// <summary>A sound, a film or a document, as a whole part.</summary>
    Media,

    /// <summary>The arguments of a tool call, a string of JSON.</summary>
    Arguments,
}

/// <summary>A piece of a message that has tokens and may be cut.</summary>
internal readonly record struct Piece(int Message, PieceKind Kind, ByteRange Range, int Tokens);

/// <summary>The messages of a request with the tokens they are estimated to have.</summary>
internal sealed class CountedPrompt
{
    /// <summary>What a message costs beside its pieces.</summary>
    public const int PerMessage = 10;

    public const int PerToolCall = 20;
    public const int PerImage = 850;
    public const int PerSmallImage = 85;

    private readonly List<Piece> _pieces = [];
    private readonly int[] _tokens;

    private CountedPrompt(MessageMap map)
    {
        Map = map;
        _tokens = new int[map.Messages.Length];
    }

    public MessageMap Map { get; }

    /// <summary>In the order of the body.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>The index of the last message of the user, or -1.</summary>
    public int LastUser { get; private set; } = -1;

    public int Total { get; private set; }

    /// <summary>The tokens of one message.</summary>
    public int TokensOf(int message) => _tokens[message];

    /// <summary>The tokens of the texts of one message.</summary>
    public int TextOf(int message)
    {
        var tokens = 0;
        foreach (var piece in _pieces)
        {
            tokens += piece.Message == message && piece.Kind is PieceKind.Text or PieceKind.TextPart ? piece.Tokens : 0;
        }

        return tokens;
    }

    public static CountedPrompt Count(ReadOnlySpan<byte> body, MessageMap map)
    {
        var prompt = new CountedPrompt(map);
        for (var i = 0; i < map.Messages.Length; i++)
        {
            prompt.CountMessage(body, i, map.Messages[i]);
        }

        return prompt;
    }

    /// <summary>The tokens of the definitions of tools.</summary>
    public static int OfTools(ReadOnlySpan<byte> body, ByteRange tools)
    {
        const int perRequest = 50;
        const int perTool = 20;
        const int maxSchemaBytes = 16 * 1024;
        if (tools.IsEmpty || body[tools.Start] != '[')
        {
            return 0;
        }

        var tokens = perRequest;
        var json = new Utf8JsonReader(tools.Of(body));
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            var tool = tools.Of(body)[start..(int)json.BytesConsumed];
            tokens += perTool + TokenEstimate.OfJson(tool[..Math.Min(tool.Length, maxSchemaBytes)]);
        }

        return tokens;
    }

    private void CountMessage(ReadOnlySpan<byte> body, int index, in MappedMessage message)
    {
        LastUser = message.Role == MessageRole.User ? index : LastUser;
        _tokens[index] = PerMessage;
        Total += PerMessage;
        if (message.Kind == ContentKind.Text)
        {
            AddText(body, index, PieceKind.Text, message.Content);
        }
        else if (message.Kind == ContentKind.Parts)
        {
            CountParts(body, index, message.Content);
        }

        if (message.CallsTools)
        {
            CountCalls(body, index, message.ToolCalls.IsEmpty ? message.FunctionCall : message.ToolCalls);
        }
    }

    private void CountParts(ReadOnlySpan<byte> body, int index, ByteRange content)
    {
        var json = new Utf8JsonReader(content.Of(body));
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var start = content.Start + (int)json.TokenStartIndex;
            var text = default(ByteRange);
            var (isImage, isSmall) = (false, false);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isText = json.ValueTextEquals("text"u8) || json.ValueTextEquals("refusal"u8);
                isImage |= json.ValueTextEquals("image_url"u8);
                json.Read();
                if (isText && json.TokenType == JsonTokenType.String)
                {
                    text = new(content.Start + (int)json.TokenStartIndex, content.Start + (int)json.BytesConsumed);
                }

                var valueAt = (int)json.TokenStartIndex;
                json.Skip();
                isSmall |= isImage && IsSmall(content.Of(body)[valueAt..(int)json.BytesConsumed]);
            }

            var whole = new ByteRange(start, content.Start + (int)json.BytesConsumed);
            if (!text.IsEmpty)
            {
                AddText(body, index, PieceKind.TextPart, text);
            }
            else
            {
                Add(new(index, isImage ? PieceKind.Image : PieceKind.Media, whole, isSmall ? PerSmallImage : PerImage));
            }
        }
    }

    private static bool IsSmall(ReadOnlySpan<byte> image)
    {
        // The detail is short and stands before or after a URL that may be megabytes.
        const int near = 64;
        return image.Length > 0 && image[0] == '{'
            && (image[..Math.Min(near, image.Length)].IndexOf("\"low\""u8) >= 0 || image[^Math.Min(near, image.Length)..].IndexOf("\"low\""u8) >= 0);
    }

    private void CountCalls(ReadOnlySpan<byte> body, int index, ByteRange calls)
    {
        var json = new Utf8JsonReader(calls.Of(body));
        var isArguments = false;
        var isName = false;
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isArguments = json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("input"u8);
                    isName = json.ValueTextEquals("name"u8);
                    break;
                case JsonTokenType.String when isArguments || isName:
                    var value = new ByteRange(calls.Start + (int)json.TokenStartIndex, calls.Start + (int)json.BytesConsumed);
                    var tokens = TokenEstimate.OfJson(body[(value.Start + 1)..(value.End - 1)]);
                    if (isArguments)
                    {
                        Add(new(index, PieceKind.Arguments, value, tokens));
                    }
                    else
                    {
                        AddTokens(index, PerToolCall + tokens);
                    }

                    (isArguments, isName) = (false, false);
                    break;
            }
        }
    }

    private void AddText(ReadOnlySpan<byte> body, int index, PieceKind kind, ByteRange range) =>
        Add(new(index, kind, range, TokenEstimate.OfJson(body[(range.Start + 1)..(range.End - 1)])));

    private void Add(Piece piece)
    {
        _pieces.Add(piece);
        AddTokens(piece.Message, piece.Tokens);
    }

    private void AddTokens(int index, int tokens)
    {
        _tokens[index] += tokens;
        Total += tokens;
    }
}
