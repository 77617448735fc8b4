using System.Text.Json.Serialization;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>Something that all replicas must hear of.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="User">Whom it concerns; null for everyone.</param>
/// <param name="Subject">What it is about: the URI of a resource, the id of a session or question, a key.</param>
/// <param name="Detail">More, where a kind has more.</param>
internal sealed record Signal(SignalKind Kind, Guid? User = null, string? Subject = null, string? Detail = null);

/// <summary>What a <see cref="Signal"/> says.</summary>
internal enum SignalKind
{
    /// <summary>Signals may have been lost; whoever waits for one must look for itself.</summary>
    Missed,

    /// <summary>The list of tools is another.</summary>
    ToolsChanged,

    /// <summary>The list of prompts is another.</summary>
    PromptsChanged,

    /// <summary>The list of resources is another.</summary>
    ResourcesChanged,

    /// <summary>The content of the resource <see cref="Signal.Subject"/> is another.</summary>
    ResourceUpdated,

    /// <summary>The session <see cref="Signal.Subject"/> has a new stream, <see cref="Signal.Detail"/>, or has ended (no detail).</summary>
    StreamReplaced,

    /// <summary>The client of session <see cref="Signal.Subject"/> cancels its request <see cref="Signal.Detail"/>.</summary>
    RequestCancelled,

    /// <summary>The user cancels the call with the idempotency key <see cref="Signal.Subject"/>.</summary>
    CallCancelled,

    /// <summary>The question <see cref="Signal.Subject"/> has been answered.</summary>
    QuestionAnswered,
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Signal))]
internal sealed partial class SignalJson : JsonSerializerContext;
