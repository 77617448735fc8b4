using JanServer.Testing.Requirements;

namespace JanServer.McpTools.Tests.Search;

/// <summary>A test against a real searx; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SearxFactAttribute : FactAttribute
{
    /// <summary>Looks for searx, and installs it when the tests may.</summary>
    public SearxFactAttribute() => Skip = DebianPackage.FindOrInstall("searx", SearxServer.Program) is null
        ? "searx is missing: install it (Debian: apt-get install --no-install-recommends searx)."
        : null;
}
