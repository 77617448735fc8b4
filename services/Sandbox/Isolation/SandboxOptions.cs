using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Isolation;

/// <summary>What code may use and how much runs at once. Bound from <c>Sandbox</c>.</summary>
public sealed class SandboxOptions
{
    /// <summary>How many runs are under way at the same time: 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>How many of them may be of one owner, where callers are known: 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxConcurrencyPerOwner { get; set; } = 2;

    /// <summary>How many wait for a place: 0 to 10000; the next one is refused with 429.</summary>
    [Range(0, 10_000)]
    public int MaxQueue { get; set; } = 32;

    /// <summary>How many seconds a run waits for a place before it is refused with 503: 1 to 600.</summary>
    [Range(1, 600)]
    public int QueueSeconds { get; set; } = 30;

    /// <summary>The longest time limit that a run may ask for, in seconds: 1 to 3600.</summary>
    [Range(1, 3600)]
    public int MaxRunSeconds { get; set; } = 120;

    /// <summary>How much of a processor a run may use, in percent of one: 10 to 6400.</summary>
    [Range(10, 6400)]
    public int CpuPercent { get; set; } = 100;

    /// <summary>The memory of a run that asks for none, in MiB, with all its processes and files: 32 to 65536.</summary>
    [Range(32, 65_536)]
    public int MemoryMb { get; set; } = 512;

    /// <summary>The most memory that a run may ask for, in MiB: 32 to 65536.</summary>
    [Range(32, 65_536)]
    public int MaxMemoryMb { get; set; } = 2048;

    /// <summary>Processes and threads of a run together: 8 to 4096.</summary>
    [Range(8, 4096)]
    public int MaxProcesses { get; set; } = 64;

    /// <summary>Room in the working folder, in MiB: 1 to 65536.</summary>
    [Range(1, 65_536)]
    public int DiskMb { get; set; } = 64;

    /// <summary>Room in <c>/tmp</c> and in <c>/dev/shm</c>, in MiB each: 1 to 4096.</summary>
    [Range(1, 4096)]
    public int TmpMb { get; set; } = 16;

    /// <summary>The largest file that a run may write, in MiB: 1 to 4096.</summary>
    [Range(1, 4096)]
    public int FileMb { get; set; } = 32;

    /// <summary>How much of each output stream is kept, in KiB: 1 to 65536. What is more is read and dropped.</summary>
    [Range(1, 65_536)]
    public int OutputKb { get; set; } = 256;

    /// <summary>How many files a run may give back: 0 to 1000.</summary>
    [Range(0, 1000)]
    public int MaxFiles { get; set; } = 32;

    /// <summary>How large the files together may be that a run gives back, in MiB: 1 to 256, and no more than <see cref="FileMb"/> less a third.</summary>
    [Range(1, 256)]
    public int MaxFilesMb { get; set; } = 16;

    /// <summary>The largest request body, in bytes: 1 KiB to 1 GiB.</summary>
    [Range(1024, 1_073_741_824)]
    public long MaxRequestBytes { get; set; } = 16 << 20;

    /// <summary>The first of the 65536 user ids that runs get when the service is root. No account of the machine may have one of them.</summary>
    [Range(1000, int.MaxValue - 65_536)]
    public int FirstUserId { get; set; } = 300_000;

    /// <summary>Further folders that code may read, such as <c>/opt/python</c>. <c>/usr</c> is always readable.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; set; } = [];

    /// <summary>Where Python is; unless told, <c>python3</c> in <c>/usr/local/bin</c> or <c>/usr/bin</c>.</summary>
    public string? Python { get; set; }

    /// <summary>Where Node.js is; unless told, <c>node</c> in <c>/usr/local/bin</c> or <c>/usr/bin</c>.</summary>
    public string? Node { get; set; }

    /// <summary>Where bubblewrap is; unless told, <c>bwrap</c> in <c>/usr/local/bin</c> or <c>/usr/bin</c>.</summary>
    public string? Bubblewrap { get; set; }
}

[OptionsValidator]
internal sealed partial class SandboxOptionsValidator : IValidateOptions<SandboxOptions>;

/// <summary>Rules between settings.</summary>
internal sealed class SandboxOptionsRules : IValidateOptions<SandboxOptions>
{
    public ValidateOptionsResult Validate(string? name, SandboxOptions options) => options switch
    {
        _ when options.MemoryMb > options.MaxMemoryMb => ValidateOptionsResult.Fail("Sandbox:MemoryMb must not be more than Sandbox:MaxMemoryMb."),
        _ when options.MaxFilesMb * 3 > options.FileMb * 2 =>
            ValidateOptionsResult.Fail("Sandbox:MaxFilesMb must not be more than two thirds of Sandbox:FileMb: files travel in one file, as Base64."),
        _ => ValidateOptionsResult.Success,
    };
}
