using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Sandbox.Runs;

namespace JanServer.Sandbox.Sessions;

/// <summary>A cell as <c>driver.py</c> reads it.</summary>
/// <param name="Token">Ends the output of the cell.</param>
/// <param name="Code">The cell.</param>
/// <param name="Seconds">How long it may take.</param>
/// <param name="Files">Files to write first: Base64 by absolute path.</param>
/// <param name="Fetch">Files to give back: the name by absolute path.</param>
/// <param name="Begins">Whether files written from here on are new.</param>
/// <param name="New">Whether to give back what is new or changed.</param>
/// <param name="MaxFiles">How many files may be given back.</param>
/// <param name="MaxBytes">How large they may be together.</param>
internal sealed record DriverCommand(
    string Token,
    string Code,
    double Seconds,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyDictionary<string, string> Fetch,
    bool Begins,
    bool New,
    int MaxFiles,
    long MaxBytes);

/// <summary>What the driver answers. It comes from inside: nothing of it is believed beyond its shape.</summary>
internal sealed record DriverAnswer(
    string? Token,
    DriverError? Error,
    IReadOnlyList<JsonElement>? Display,
    IReadOnlyDictionary<string, string>? Files,
    IReadOnlyList<SkippedFile>? Skipped);

internal sealed record DriverError(string? Ename, string? Evalue, IReadOnlyList<string>? Traceback, bool Timeout = false);

// Shallower than what the answer to the client may be, which holds it.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 32)]
[JsonSerializable(typeof(DriverCommand))]
[JsonSerializable(typeof(DriverAnswer))]
internal sealed partial class DriverJson : JsonSerializerContext;
