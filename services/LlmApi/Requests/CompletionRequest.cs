using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Requests;

/// <summary>What a checked request body said, and how the bytes must change before they go upstream.</summary>
internal sealed class CompletionRequest
{
    public required Operation Operation { get; init; }

    /// <summary>The model id that the client sent; its answer carries it too.</summary>
    public required string Model { get; init; }

    /// <summary>The same as a JSON string.</summary>
    public byte[] ModelJson => field ??= ModelRoute.Quote(Model);

    public bool Stream { get; init; }

    /// <summary>Whether the client asked to see the usage of its stream.</summary>
    public bool ShowsUsage { get; init; }

    public required IReadOnlyList<Edit> Edits { get; init; }
}
