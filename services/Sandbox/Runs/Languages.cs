using JanServer.Sandbox.Isolation;

namespace JanServer.Sandbox.Runs;

/// <summary>A language that can be run.</summary>
/// <param name="Name">What it is called here.</param>
/// <param name="File">What the code is called, as error messages show it.</param>
/// <param name="Interpreter">The interpreter and its arguments; null when it is not installed.</param>
/// <param name="Install">How to get it.</param>
internal sealed record Language(string Name, string File, IReadOnlyList<string>? Interpreter, string Install);

/// <summary>The languages, by all their names.</summary>
internal sealed class Languages(Programs programs)
{
    /// <summary>Said to who asks for another.</summary>
    public const string Known = "python, bash, javascript";

    /// <summary>The language of that name or alias, or null.</summary>
    /// <param name="name">As SandboxFusion or models write it; case does not matter.</param>
    /// <param name="memoryMb">What Node.js is told to stay within.</param>
    public Language? Find(string name, int memoryMb) => name.ToLowerInvariant() switch
    {
        "python" or "python3" or "py" => Python,
        "bash" or "sh" or "shell" => new("bash", "main.sh", Of(programs.Bash), "bash is not installed (apt-get install bash)."),
        "javascript" or "js" or "node" or "nodejs" => new(
            "javascript",
            "main.js",
            Of(programs.Node, $"--max-old-space-size={memoryMb}"),
            "Node.js is not installed (apt-get install nodejs), or is in a folder that Sandbox:ReadOnlyPaths does not name."),
        _ => null,
    };

    /// <summary>Python, which sessions take too.</summary>
    public Language Python => new("python", "main.py", Of(programs.Python, "-B"), "Python is not installed (apt-get install python3).");

    private static List<string>? Of(string? program, params IReadOnlyList<string> arguments) => program is null ? null : [program, .. arguments];
}
