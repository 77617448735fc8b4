using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.LlmApi.StoredCompletions;

/// <summary>Changes a stored completion.</summary>
/// <param name="Metadata">What takes the place of its metadata: up to 16 keys of 64 characters with values of 512.</param>
public sealed record UpdateStoredCompletion(Dictionary<string, string>? Metadata);

/// <summary>Says that a stored completion is gone.</summary>
/// <param name="Id">The id that it had.</param>
public sealed record DeletedCompletion(string Id)
{
    /// <summary>Always <c>chat.completion.deleted</c>.</summary>
    public string Object => "chat.completion.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UpdateStoredCompletion))]
[JsonSerializable(typeof(DeletedCompletion))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Page<JsonObject>))]
[JsonSerializable(typeof(Id<StoredCompletion>))]
internal sealed partial class StoredCompletionJson : JsonSerializerContext;
