using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Fixtures;

/// <summary>A test that takes root; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = SandboxRequirement.Missing ?? (Environment.IsPrivilegedProcess ? null : "This takes root.");
}
