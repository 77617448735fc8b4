using System.Text.Json;
using JanServer.Inference.Generation;

namespace JanServer.Inference.Chat;

/// <summary>A checked chat completion request: what an engine needs to answer it.</summary>
internal sealed record ChatRequest(
    string Model,
    IReadOnlyList<ChatMessage> Messages,
    IReadOnlyList<ToolDefinition> Tools,
    ToolChoice ToolChoice,
    bool ParallelToolCalls,
    ResponseFormat Format,
    Sampling Sampling);

/// <summary>One message of the conversation, its text parts joined.</summary>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Text">The text; empty when there is none.</param>
/// <param name="Attachments">What came along that is no text: <c>image</c>, <c>audio</c>, <c>file</c>.</param>
/// <param name="ToolCalls">The calls of an assistant message.</param>
/// <param name="ToolCallId">The call that a tool message answers.</param>
internal sealed record ChatMessage(
    string Role,
    string Text,
    IReadOnlyList<string> Attachments,
    IReadOnlyList<RequestedToolCall> ToolCalls,
    string? ToolCallId);

/// <summary>A tool call in the history.</summary>
internal sealed record RequestedToolCall(string Id, string Name, string Arguments);

/// <summary>A function the model may call; <paramref name="Parameters"/> is its JSON schema, if it has one.</summary>
internal sealed record ToolDefinition(string Name, string Description, JsonElement? Parameters);

/// <summary>Whether the model may, must or must not call tools, and which.</summary>
/// <param name="Mode">May, must or must not.</param>
/// <param name="Allowed">The tools that may be called; null for all.</param>
internal sealed record ToolChoice(ToolMode Mode, IReadOnlyList<string>? Allowed);

internal enum ToolMode
{
    Auto,
    None,
    Required,
}

/// <summary>The shape of the answer; <paramref name="Schema"/> is set for <see cref="FormatKind.JsonSchema"/> only.</summary>
internal sealed record ResponseFormat(FormatKind Kind, JsonElement? Schema);

internal enum FormatKind
{
    Text,
    JsonObject,
    JsonSchema,
}

internal static class Roles
{
    public const string System = "system";
    public const string Developer = "developer";
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    public static readonly IReadOnlyList<string> All = [System, Developer, User, Assistant, Tool];
}
