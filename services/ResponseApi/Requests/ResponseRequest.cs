using System.Text.Json;

namespace JanServer.ResponseApi.Requests;

/// <summary>The body of <c>POST /v1/responses</c>, checked.</summary>
internal sealed class ResponseRequest
{
    /// <summary>As the client sent it; kept with a stored response and read again by whoever continues.</summary>
    public required JsonElement Body { get; init; }

    public required string Model { get; init; }

    public bool Stream { get; init; }

    public bool Background { get; init; }

    /// <summary>Whether it can be retrieved later. True unless told.</summary>
    public bool Store { get; init; } = true;

    public string? PreviousResponseId { get; init; }

    /// <summary>The value of <c>conversation</c>, or its <c>id</c>.</summary>
    public string? Conversation { get; init; }
}
