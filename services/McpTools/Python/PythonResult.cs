using System.Text.Json.Serialization;

namespace JanServer.McpTools.Python;

/// <summary>What <c>python_exec</c> returns about a program that was run. The output schema describes it.</summary>
internal sealed record PythonResult
{
    public required string Language { get; init; }

    public required string Stdout { get; init; }

    public required string Stderr { get; init; }

    public string? Result { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? ReturnCode { get; init; }

    public long DurationMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? SessionId { get; init; }

    public bool? SessionCreated { get; init; }

    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];

    public IReadOnlyList<LeftOut>? LeftOut { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Error { get; init; }

    public string? Note { get; init; }

    public bool StdoutTruncated { get; init; }

    public bool StderrTruncated { get; init; }
}

/// <summary>A file that a program wrote: stored (<see cref="MediaId"/>, <see cref="Url"/>) or here (<see cref="Base64"/>).</summary>
internal sealed record Artifact(string Name, string MimeType, long Bytes, string? MediaId = null, string? Url = null, string? Base64 = null)
{
    /// <summary>The text that log lines may show: the URL is a secret.</summary>
    public override string ToString() => $"{MimeType} {Bytes}";
}

/// <summary>A file that is not returned.</summary>
internal sealed record LeftOut(string Name, long? Bytes, string Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PythonResult))]
internal sealed partial class PythonJson : JsonSerializerContext;
