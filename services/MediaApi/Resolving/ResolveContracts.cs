using System.Text.Json;

namespace JanServer.MediaApi.Resolving;

/// <summary>Asks where files are: by their ids, or inside any JSON, as clients of the reference API do. One of the two.</summary>
/// <param name="Ids">1 to 100 ids.</param>
/// <param name="As"><c>url</c> (links, unless told) or <c>data_url</c> (the files themselves).</param>
/// <param name="Payload">JSON in which <c>data:image/png;jan_…</c>, and <c>jan_…</c> as the value of a <c>url</c>, become links.</param>
public sealed record ResolveRequest(IReadOnlyList<string?>? Ids = null, string? As = null, JsonElement? Payload = null)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Ids?.Count} ids";
}

/// <summary>The JSON with links in the places of ids.</summary>
/// <param name="Payload">As it was sent, but for the ids.</param>
public sealed record ResolvedPayload(JsonElement Payload)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => "payload";
}
