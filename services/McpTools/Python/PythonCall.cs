namespace JanServer.McpTools.Python;

/// <summary>A call that can be made.</summary>
/// <param name="Code">The program.</param>
/// <param name="Language">As the sandbox calls it.</param>
/// <param name="SessionId">The session; null for none.</param>
/// <param name="Seconds">How long it may take.</param>
/// <param name="Stdin">What it reads.</param>
/// <param name="Files">Files to put in: Base64 by path.</param>
/// <param name="OutputFiles">Files to get back whether they are new or not.</param>
internal sealed record PythonCall(
    string Code,
    string Language,
    string? SessionId,
    double Seconds,
    string? Stdin,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<string> OutputFiles);
