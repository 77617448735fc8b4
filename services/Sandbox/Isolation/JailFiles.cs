namespace JanServer.Sandbox.Isolation;

/// <summary>The files of one run in its <see cref="ScratchFolder"/>.</summary>
internal static class JailFiles
{
    public const string Code = "code";
    public const string Input = "input";
    public const string Result = "result";
    public const string State = "state";
}
