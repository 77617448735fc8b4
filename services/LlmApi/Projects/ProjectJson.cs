using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.LlmApi.Projects;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateProject))]
[JsonSerializable(typeof(UpdateProject))]
[JsonSerializable(typeof(ProjectResource))]
[JsonSerializable(typeof(ProjectDeleted))]
[JsonSerializable(typeof(Page<ProjectResource>))]
internal sealed partial class ProjectJson : JsonSerializerContext;
