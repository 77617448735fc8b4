using System.Runtime.InteropServices;
using System.Text.Json;

namespace JanServer.LlmApi.Requests;

internal enum MessageRole
{
    None,
    System,
    Developer,
    User,
    Assistant,
    Tool,
    Function,
}

internal enum ContentKind
{
    None,
    Null,
    Text,
    Parts,
}

/// <summary>Where one message of a request is, and where those of its members are that stages read.</summary>
internal readonly record struct MappedMessage
{
    /// <summary>The object, with its braces.</summary>
    public ByteRange Whole { get; init; }

    public MessageRole Role { get; init; }

    public ContentKind Kind { get; init; }

    /// <summary>The content's value: a string with its quotes, an array with its brackets.</summary>
    public ByteRange Content { get; init; }

    /// <summary>The array of tool calls; empty when there are none.</summary>
    public ByteRange ToolCalls { get; init; }

    /// <summary>The string with its quotes; empty when there is none.</summary>
    public ByteRange ToolCallId { get; init; }

    /// <summary>The deprecated single call; empty when there is none.</summary>
    public ByteRange FunctionCall { get; init; }

    public bool IsInstruction => Role is MessageRole.System or MessageRole.Developer;

    /// <summary>Whether results follow that only make sense with this message.</summary>
    public bool CallsTools => !ToolCalls.IsEmpty || !FunctionCall.IsEmpty;

    /// <summary>Whether this only makes sense after a message that calls tools.</summary>
    public bool IsToolResult => Role is MessageRole.Tool or MessageRole.Function;
}

/// <summary>
/// Where the messages of a chat request are. Made from the bytes only when a stage looks at messages; the request has been checked
/// before, so nothing is checked again.
/// </summary>
internal sealed class MessageMap
{
    private readonly List<MappedMessage> _messages = [];

    private MessageMap(ByteRange array) => Array = array;

    /// <summary>The array, with its brackets.</summary>
    public ByteRange Array { get; }

    public ReadOnlySpan<MappedMessage> Messages => CollectionsMarshal.AsSpan(_messages);

    /// <param name="body">The checked request.</param>
    /// <param name="array">Where its <c>messages</c> are.</param>
    public static MessageMap Read(ReadOnlySpan<byte> body, ByteRange array)
    {
        var map = new MessageMap(array);
        var json = new Utf8JsonReader(array.Of(body));
        json.Read();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            map._messages.Add(ReadMessage(ref json, array.Start));
        }

        return map;
    }

    private static MappedMessage ReadMessage(ref Utf8JsonReader json, int offset)
    {
        var start = (int)json.TokenStartIndex;
        var message = default(MappedMessage);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(ref json);
            json.Read();
            var at = offset + (int)json.TokenStartIndex;
            var type = json.TokenType;
            var role = name == Name.Role ? RoleOf(ref json) : message.Role;
            json.Skip();
            var value = new ByteRange(at, offset + (int)json.BytesConsumed);
            message = name switch
            {
                Name.Role => message with { Role = role },
                Name.Content => message with { Content = value, Kind = KindOf(type) },
                _ when type == JsonTokenType.Null => message,
                Name.ToolCalls => message with { ToolCalls = value },
                Name.ToolCallId => message with { ToolCallId = value },
                Name.FunctionCall => message with { FunctionCall = value },
                _ => message,
            };
        }

        return message with { Whole = new(offset + start, offset + (int)json.BytesConsumed) };
    }

    private enum Name
    {
        Other,
        Role,
        Content,
        ToolCalls,
        ToolCallId,
        FunctionCall,
    }

    private static Name NameOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("role"u8) ? Name.Role
        : json.ValueTextEquals("content"u8) ? Name.Content
        : json.ValueTextEquals("tool_calls"u8) ? Name.ToolCalls
        : json.ValueTextEquals("tool_call_id"u8) ? Name.ToolCallId
        : json.ValueTextEquals("function_call"u8) ? Name.FunctionCall
        : Name.Other;

    private static MessageRole RoleOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("user"u8) ? MessageRole.User
        : json.ValueTextEquals("assistant"u8) ? MessageRole.Assistant
        : json.ValueTextEquals("tool"u8) ? MessageRole.Tool
        : json.ValueTextEquals("system"u8) ? MessageRole.System
        : json.ValueTextEquals("developer"u8) ? MessageRole.Developer
        : MessageRole.Function;

    private static ContentKind KindOf(JsonTokenType type) => type switch
    {
        JsonTokenType.String => ContentKind.Text,
        JsonTokenType.StartArray => ContentKind.Parts,
        _ => ContentKind.Null,
    };
}
