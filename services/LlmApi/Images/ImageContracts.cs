using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Images;

/// <summary>OpenAI's list of generated images.</summary>
/// <param name="Created">When they were made, in Unix seconds.</param>
/// <param name="Data">The images.</param>
/// <param name="Usage">What the provider counted, as it says it; absent when it does not.</param>
/// <param name="Conversation">The conversation that they are items of now.</param>
public sealed record ImageList(long Created, IReadOnlyList<ImageResource> Data, JsonElement? Usage = null, ImageConversation? Conversation = null)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Data.Count} images";
}

/// <summary>The conversation of a request.</summary>
/// <param name="Id"><c>conv_…</c>.</param>
public sealed record ImageConversation(string Id);

/// <summary>A generated image: a link, or itself.</summary>
/// <param name="Id">The stored file's id, <c>jan_…</c>; absent when it is not stored.</param>
/// <param name="Url">A signed link to it.</param>
/// <param name="B64Json">The image itself.</param>
/// <param name="RevisedPrompt">What the provider made of the prompt.</param>
public sealed record ImageResource(
    string? Id, string? Url, [property: JsonPropertyName("b64_json")] byte[]? B64Json, string? RevisedPrompt)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Id}";
}
