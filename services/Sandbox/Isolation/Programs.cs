using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Isolation;

/// <summary>Where the programs are that isolate and run code. Only folders that the sandbox can see are looked at.</summary>
internal sealed class Programs(IOptions<SandboxOptions> options)
{
    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>Starts the chain: opens files and joins the control group.</summary>
    public string Shell => "/bin/sh";

    /// <summary>bubblewrap.</summary>
    public string Bubblewrap => Find("bwrap", options.Value.Bubblewrap) ?? "bwrap";

    /// <summary>Sets rlimits; part of util-linux.</summary>
    public string Limit => Find("prlimit", null) ?? "prlimit";

    /// <summary>Changes the user; part of util-linux.</summary>
    public string SetPrivileges => Find("setpriv", null) ?? "setpriv";

    /// <summary>Python 3, or null when there is none.</summary>
    public string? Python => Find("python3", options.Value.Python);

    /// <summary>Node.js, or null when there is none.</summary>
    public string? Node => Find("node", options.Value.Node);

    /// <summary>Bash, or null when there is none.</summary>
    public string? Bash => Find("bash", null);

    /// <summary>Archives; null when there is none, and then files cannot be given to or taken from bash and JavaScript.</summary>
    public string? Tar => Find("tar", null);

    /// <summary>Says which program is missing and how to get it, or null when all are there that isolation takes.</summary>
    public string? Missing() =>
        Find("bwrap", options.Value.Bubblewrap) is null ? "bubblewrap is not installed (Debian and Ubuntu: apt-get install bubblewrap)."
        : Find("prlimit", null) is null || Find("setpriv", null) is null ? "prlimit or setpriv is not installed (Debian and Ubuntu: apt-get install util-linux)."
        : null;

    private static string? Find(string name, string? configured) =>
        configured is { Length: > 0 }
            ? File.Exists(configured) ? configured : null
            : Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
