using Xunit;

namespace JanServer.Testing.Requirements;

/// <summary>A test that fetches npm packages; skipped where npm is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    /// <summary>Looks for npm.</summary>
    public NpmFactAttribute() => Skip = Missing;

    internal static string? Missing => ProgramOnPath.Find("npm") is null
        ? "npm is missing: install Node.js 20 or later (Debian: apt-get install nodejs npm)."
        : null;
}
