using System.Text.Json.Serialization;

namespace JanServer.ServiceDefaults.Errors;

/// <summary>OpenAI's error envelope, with the id that finds the request in the logs.</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="RequestId">The value of the <c>X-Request-Id</c> response header.</param>
public sealed record ErrorBody(ErrorDetail Error, string? RequestId);

/// <summary>OpenAI's error object; its four members are always present.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Type">The class of failure.</param>
/// <param name="Param">The field at fault, or null.</param>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="ConflictsWith">The id of what is there already; only with a 409, and only when that is one thing.</param>
public sealed record ErrorDetail(
    string Message,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Code,
    string? ConflictsWith = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext;
