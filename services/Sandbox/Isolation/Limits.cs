namespace JanServer.Sandbox.Isolation;

/// <summary>What one run may use.</summary>
/// <param name="MemoryMb">Memory of all its processes, in MiB.</param>
/// <param name="CpuSeconds">Processor time of each process.</param>
internal sealed record Limits(int MemoryMb, int CpuSeconds)
{
    public long MemoryBytes => (long)MemoryMb << 20;

    /// <summary>The limits of a run of that many seconds.</summary>
    /// <param name="options">The share of a processor.</param>
    /// <param name="memoryMb">Memory in MiB.</param>
    /// <param name="wall">How long it may take.</param>
    public static Limits For(SandboxOptions options, int memoryMb, TimeSpan wall) =>
        new(memoryMb, Math.Max(1, (int)Math.Ceiling(wall.TotalSeconds * options.CpuPercent / 100)));
}
