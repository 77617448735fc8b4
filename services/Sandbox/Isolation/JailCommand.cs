namespace JanServer.Sandbox.Isolation;

/// <summary>What to run in a sandbox.</summary>
/// <param name="Program">The program and its arguments, as paths inside.</param>
/// <param name="Limits">What it may use.</param>
/// <param name="Code">A file that it can read at <see cref="CodePath"/>.</param>
internal sealed record JailCommand(IReadOnlyList<string> Program, Limits Limits, ReadOnlyMemory<byte> Code)
{
    /// <summary>The working folder inside: empty at first, writable, gone with the run.</summary>
    public const string WorkingFolder = "/work";

    /// <summary>The folder of the code inside.</summary>
    public const string CodeFolder = "/code";

    /// <summary>The descriptor of <see cref="Input"/> inside.</summary>
    public const int InputDescriptor = 5;

    /// <summary>The descriptor of the file inside that can be read with <see cref="JailedProcess.OpenResult"/>.</summary>
    public const int ResultDescriptor = 6;

    /// <summary>The name of the code inside, which decides how it is shown in errors.</summary>
    public string CodeName { get; init; } = "main";

    /// <summary>Where the code is inside.</summary>
    public string CodePath => $"{CodeFolder}/{CodeName}";

    /// <summary>Bytes for it to read at <see cref="InputDescriptor"/>; null for none.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Whether it may write a file at <see cref="ResultDescriptor"/>.</summary>
    public bool HasResult { get; init; }
}
