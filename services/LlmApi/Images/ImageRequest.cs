using System.Text.Json.Nodes;

namespace JanServer.LlmApi.Images;

/// <summary>How a client wants its images.</summary>
internal enum ImageForm
{
    /// <summary>As links to stored files.</summary>
    Url,

    /// <summary>As Base64 within the answer.</summary>
    Base64,
}

/// <summary>An image that an edit starts from, as the request has it: bytes that came along, or the text that says where it is.</summary>
/// <param name="Param">The field that has it.</param>
/// <param name="Text">An id <c>jan_…</c>, an address, a data URL or Base64.</param>
/// <param name="Bytes">The uploaded file.</param>
internal sealed record ImageSource(string Param, string? Text, ReadOnlyMemory<byte> Bytes = default);

/// <summary>A checked request for images.</summary>
/// <param name="Model">The model as the client calls it; null for the default one.</param>
/// <param name="Forwarded">What goes to the provider beside the model and the images.</param>
internal sealed record ImageRequest(string? Model, string Prompt, ImageForm Form, JsonObject Forwarded)
{
    /// <summary>Only ask this provider.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The conversation that prompt and images become items of.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Whether they do; true unless told.</summary>
    public bool Store { get; init; } = true;

    /// <summary>What an edit starts from; empty for a generation.</summary>
    public IReadOnlyList<ImageSource> Images { get; init; } = [];

    /// <summary>Which part of the first image may change.</summary>
    public ImageSource? Mask { get; init; }

    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Model} from {Images.Count} images";
}
