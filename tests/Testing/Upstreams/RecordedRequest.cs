using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace JanServer.Testing.Upstreams;

/// <summary>What a fake upstream was asked, byte for byte.</summary>
public sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, StringValues> Headers, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value.ToString() : null;
}
