using System.Runtime.InteropServices;

namespace JanServer.Sandbox.Isolation;

/// <summary>Numbers of system calls on one architecture, from the kernel's tables.</summary>
/// <param name="AuditArchitecture">AUDIT_ARCH_*, which says whose numbers they are.</param>
/// <param name="CloneCall">clone.</param>
/// <param name="SocketCall">socket.</param>
/// <param name="Refused">What nobody in the sandbox needs and exploits of the kernel begin with.</param>
internal sealed record SystemCalls(uint AuditArchitecture, uint CloneCall, uint SocketCall, IReadOnlyList<uint> Refused)
{
    /// <summary>clone3; calls newer than 2019 have one number everywhere.</summary>
    public const uint Clone3 = 435;

    private static readonly uint[] Common =
    [
        425, 426, 427,      // io_uring_setup, _enter, _register
        428, 429,           // open_tree, move_mount
        430, 431, 432, 433, // fsopen, fsconfig, fsmount, fspick
        438,                // pidfd_getfd
        442, 443,           // mount_setattr, quotactl_fd
        447,                // memfd_secret
        457, 458, 467,      // statmount, listmount, open_tree_attr
    ];

    private static readonly SystemCalls X64 = new(
        0xC000003E,
        CloneCall: 56,
        SocketCall: 41,
        [
            165, 166, 155, 161,      // mount, umount2, pivot_root, chroot
            101, 310, 311, 312,      // ptrace, process_vm_readv, process_vm_writev, kcmp
            246, 320, 169,           // kexec_load, kexec_file_load, reboot
            175, 313, 176,           // init_module, finit_module, delete_module
            321, 298, 323,           // bpf, perf_event_open, userfaultfd
            248, 249, 250,           // add_key, request_key, keyctl
            272, 308, 303, 304,      // unshare, setns, name_to_handle_at, open_by_handle_at
            167, 168, 103, 163, 179, // swapon, swapoff, syslog, acct, quotactl
            164, 227, 159, 305,      // settimeofday, clock_settime, adjtimex, clock_adjtime
            133, 259, 135, 300,      // mknod, mknodat, personality, fanotify_init
            212, 278, 256, 279,      // lookup_dcookie, vmsplice, migrate_pages, move_pages
            154, 172, 173,           // modify_ldt, iopl, ioperm
            .. Common,
        ]);

    private static readonly SystemCalls Arm64 = new(
        0xC00000B7,
        CloneCall: 220,
        SocketCall: 198,
        [
            40, 39, 41, 51,        // mount, umount2, pivot_root, chroot
            117, 270, 271, 272,    // ptrace, process_vm_readv, process_vm_writev, kcmp
            104, 294, 142,         // kexec_load, kexec_file_load, reboot
            105, 273, 106,         // init_module, finit_module, delete_module
            280, 241, 282,         // bpf, perf_event_open, userfaultfd
            217, 218, 219,         // add_key, request_key, keyctl
            97, 268, 264, 265,     // unshare, setns, name_to_handle_at, open_by_handle_at
            224, 225, 116, 89, 60, // swapon, swapoff, syslog, acct, quotactl
            170, 112, 171, 266,    // settimeofday, clock_settime, adjtimex, clock_adjtime
            33, 92, 262,           // mknodat, personality, fanotify_init
            18, 75, 238, 239,      // lookup_dcookie, vmsplice, migrate_pages, move_pages
            .. Common,
        ]);

    /// <summary>The numbers of an architecture.</summary>
    /// <exception cref="PlatformNotSupportedException">It is neither x86-64 nor arm64.</exception>
    public static SystemCalls Of(Architecture architecture) => architecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        _ => throw new PlatformNotSupportedException($"There is no list of system calls for {architecture}."),
    };
}
