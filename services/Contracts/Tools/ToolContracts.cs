using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.Contracts.Tools;

/// <summary>What administrators say about a tool of mcp-tools, in full.</summary>
/// <param name="ToolKey">What the tool is called in calls, such as <c>google_search</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">What models are told about it, if an administrator said so; null for what the tool itself says.</param>
/// <param name="Category">Such as <c>search</c>.</param>
/// <param name="Metadata">A JSON object of the operator's own; absent when there is none.</param>
/// <param name="DisallowedKeywords">
/// Regular expressions that compile with <see cref="System.Text.RegularExpressions.RegexOptions.NonBacktracking"/>. Results that
/// match one are left out.
/// </param>
/// <param name="UpdatedAt">When an administrator last changed it.</param>
public sealed record ToolSettings(
    string ToolKey,
    string Name,
    string? Description,
    string Category,
    JsonElement? Metadata,
    IReadOnlyList<string> DisallowedKeywords,
    DateTimeOffset UpdatedAt);

/// <summary>The tools that are switched on.</summary>
/// <param name="Data">By name.</param>
public sealed record ToolSettingsList(IReadOnlyList<ToolSettings> Data);

/// <summary>Serializes the contracts of tools.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ToolSettings))]
[JsonSerializable(typeof(ToolSettingsList))]
public sealed partial class ToolsJson : JsonSerializerContext;
