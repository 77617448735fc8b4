using System.Text.Json.Nodes;

namespace JanServer.Testing.Streams;

/// <summary>One server-sent event: its data lines joined by LF, its <c>event</c> and <c>id</c> if it has them.</summary>
public sealed record SseEvent(string Data, string? Event = null, string? Id = null)
{
    /// <summary>Whether this is the <c>[DONE]</c> that ends OpenAI's streams.</summary>
    public bool IsDone => Data == "[DONE]";

    /// <summary>The data as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Data)!;
}
