using JanServer.Contracts.Ids;

namespace JanServer.Inference.Chat;

/// <summary>Marks the id of a chat completion: <c>chatcmpl_…</c>.</summary>
internal abstract class ChatCompletion : IIdentified
{
    public static string IdPrefix => "chatcmpl";
}

/// <summary>Marks the id of a tool call: <c>call_…</c>.</summary>
internal abstract class ToolCall : IIdentified
{
    public static string IdPrefix => "call";
}
