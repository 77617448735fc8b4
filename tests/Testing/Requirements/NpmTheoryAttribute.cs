using Xunit;

namespace JanServer.Testing.Requirements;

/// <summary>A theory that fetches npm packages; skipped where npm is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for npm.</summary>
    public NpmTheoryAttribute() => Skip = NpmFactAttribute.Missing;
}
