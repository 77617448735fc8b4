using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Every type that the endpoints of prompt templates read or write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatePromptTemplate))]
[JsonSerializable(typeof(UpdatePromptTemplate))]
[JsonSerializable(typeof(DuplicatePromptTemplate))]
[JsonSerializable(typeof(PromptTemplateEnvelope))]
[JsonSerializable(typeof(PromptTemplateList))]
[JsonSerializable(typeof(AssignPromptTemplate))]
[JsonSerializable(typeof(UpdateAssignment))]
[JsonSerializable(typeof(AssignmentResource))]
[JsonSerializable(typeof(AssignmentList))]
[JsonSerializable(typeof(EffectiveTemplates))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
internal sealed partial class PromptsJson : JsonSerializerContext;
