using System.Net.Http.Json;
using System.Text.Json;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing.Requirements;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>
/// What hostile code reaches that comes in by the front door: <c>python_exec</c> through the gateway, to the sandbox as a run starts it. The
/// whole suite, as root and as an ordinary user, is in tests/Sandbox.Tests.
/// </summary>
[Collection(SharedSystem.Name)]
public sealed class PythonAttackTests(JanServerSystem system)
{
    public static TheoryData<string, string> Attacks => new()
    {
        {
            "network",
            """
            import socket
            for f in (lambda: socket.create_connection(("127.0.0.1", 8000), 2), lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
                      lambda: socket.socket(socket.AF_INET6), lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW), lambda: socket.getaddrinfo("example.com", 80)):
                try: f(); print("ESCAPE")
                except OSError: print("held")
            """
        },
        {
            "files",
            """
            import os
            for p in ("/root", "/home", "/etc/shadow", "/etc/passwd", "/proc/1/root/root", "/dev/sda", "/dev/vda", "/proc/kcore", "/run", "/var/log"):
                try: print("ESCAPE", p, os.listdir(p) if os.path.isdir(p) else open(p, "rb").read(40))
                except OSError: print("held")
            for p in ("/etc/x", "/usr/x", "/x", "/proc/sysrq-trigger"):
                try: open(p, "w").write("x"); print("ESCAPE", p)
                except OSError: print("held")
            """
        },
        {
            "secrets",
            """
            import os
            seen = b"".join(open(f"/proc/{p}/environ", "rb").read() for p in os.listdir("/proc") if p.isdigit()) + str(dict(os.environ)).encode()
            print("ESCAPE" if b"CallerToken" in seen or b"ASPNETCORE" in seen or b"Key" in seen else "held")
            """
        },
        {
            "system calls",
            """
            import ctypes
            c = ctypes.CDLL(None, use_errno=True)
            for f in (lambda: c.unshare(0x10000000), lambda: c.mount(b"x", b"/work", b"tmpfs", 0, None), lambda: c.ptrace(16, 1, 0, 0), lambda: c.chroot(b"/work"),
                      lambda: c.setns(0, 0), lambda: c.syscall(425, 8, 0), lambda: c.syscall(435, 0, 0)):
                print("held" if f() < 0 else "ESCAPE")
            """
        },
        {
            "processes",
            """
            import os, time
            n = 0
            try:
                while n < 2000:
                    if os.fork() == 0: time.sleep(20); os._exit(0)
                    n += 1
                print("ESCAPE")
            except OSError: print("held")
            """
        },
        {
            "disk",
            """
            import os
            for folder in ("/work", "/tmp", "/dev/shm"):
                try:
                    for i in range(2000):
                        with open(f"{folder}/{i}", "wb") as f: f.write(b"x" * 1_000_000)
                    print("ESCAPE", folder)
                except OSError: print("held")
            """
        },
        {
            "memory",
            """
            try:
                x = bytearray(3_000_000_000); print("ESCAPE")
            except MemoryError: print("held")
            """
        },
    };

    [SandboxTheory]
    [MemberData(nameof(Attacks))]
    public async Task Hostile_code_is_held(string attack, string code)
    {
        var result = await CallAsync(new { code });

        var output = result.GetProperty("structuredContent").GetProperty("stdout").GetString()!;
        Assert.DoesNotContain("ESCAPE", output, StringComparison.Ordinal);
        Assert.True(output.Contains("held", StringComparison.Ordinal) || result.GetProperty("structuredContent").GetProperty("return_code").GetInt32() != 0, $"{attack}: {result}");
    }

    [SandboxTheory]
    [InlineData("while True: pass")]
    [InlineData("import time; time.sleep(1000)")]
    public async Task Code_that_does_not_end_is_ended(string code)
    {
        var result = await CallAsync(new { code, timeout_seconds = 2 });

        Assert.Contains("2 s", result.GetProperty("structuredContent").GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> CallAsync(object arguments)
    {
        using var user = system.Client(await system.GuestTokenAsync());
        using var answer = await user.PostAsJsonAsync("/mcp", new
        {
            jsonrpc = "2.0",
            id = 1,
            method = "tools/call",
            @params = new { name = "python_exec", arguments },
        });
        return (await JanServerSystem.ReadAsync(answer)).GetProperty("result");
    }
}
