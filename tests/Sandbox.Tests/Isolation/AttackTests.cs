using System.Text.Json.Nodes;
using JanServer.Sandbox.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Requirements;

namespace JanServer.Sandbox.Tests.Isolation;

/// <summary>What hostile code tries, with a service that is root and with one that is an ordinary user. What must hold is the same.</summary>
public sealed class AttackTests(AttackedServices services) : IClassFixture<AttackedServices>
{
    public static TheoryData<string> Accounts => Environment.IsPrivilegedProcess ? ["root", "user"] : ["user"];

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Network_is_out_of_reach(string account)
    {
        var client = await services.ClientOfAsync(account);
        var port = client.Http.BaseAddress!.Port;
        var run = await client.RunAsync($$"""
            import socket
            tries = {
                "loopback": lambda: socket.create_connection(("127.0.0.1", {{port}}), 2),
                "lan": lambda: socket.create_connection(("10.255.255.53", 53), 2),
                "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
                "ipv6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
                "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
                "packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
                "vsock": lambda: socket.socket(40, socket.SOCK_STREAM),
                "dns": lambda: socket.getaddrinfo("example.com", 80),
            }
            for name, f in tries.items():
                try: f(); print("ESCAPE", name)
                except OSError as e: print("blocked", name)
            socket.socketpair()
            print(sorted(line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line))
            """);

        Assert.DoesNotContain("ESCAPE", run.Stdout(), StringComparison.Ordinal);
        Assert.Equal(8, run.Stdout().Split("blocked").Length - 1);
        Assert.Contains("['lo']", run.Stdout(), StringComparison.Ordinal);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task The_system_is_read_only_and_nothing_of_the_machine_is_seen(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync("""
            import os
            for p in ("/etc/x","/usr/x","/x","/var/x","/dev/x","/code/x","/code/main.py","/proc/sys/kernel/hostname","/proc/sysrq-trigger","/proc/self/oom_score_adj_x","/sys/x"):
                try: open(p,"w").write("hi"); print("WROTE",p)
                except OSError as e: pass
            for p in ("/work/ok","/tmp/ok","/dev/shm/ok"):
                open(p,"w").write("hi"); print("may", p)
            for p in ("/root","/home","/etc/shadow","/etc/passwd","/etc/hostname","/proc/1/root/root","/work/../root","/dev/vda","/dev/sda","/dev/kmsg","/dev/mem","/proc/kcore","/sys/kernel","/var/log","/run","/opt"):
                try: print("SAW", p, os.listdir(p) if os.path.isdir(p) else open(p,"rb").read(40))
                except OSError as e: pass
            print(sorted(os.listdir("/")), os.uname().nodename)
            """);

        Assert.DoesNotContain("WROTE", run.Stdout(), StringComparison.Ordinal);
        Assert.DoesNotContain("SAW", run.Stdout(), StringComparison.Ordinal);
        Assert.Equal(3, run.Stdout().Split("may ").Length - 1);
        Assert.Contains("sandbox", run.Stdout(), StringComparison.Ordinal);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task No_environment_command_line_or_open_file_of_the_service_is_seen(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync("""
            import os
            for p in sorted(os.listdir("/proc")):
                if p.isdigit():
                    try: print(p, open(f"/proc/{p}/environ","rb").read())
                    except OSError as e: print(p, e)
            print("parent", os.getppid(), "descriptors", sorted(int(fd) for fd in os.listdir("/proc/self/fd")))
            for fd in range(3, 300):
                try: print("FOUND", fd, os.readlink(f"/proc/self/fd/{fd}")) if not os.readlink(f"/proc/self/fd/{fd}").startswith("/proc/") else None
                except OSError: pass
            """);

        Assert.DoesNotContain("s3cret", run.Stdout(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", run.Stdout(), StringComparison.Ordinal);
        Assert.DoesNotContain("ASPNETCORE", run.Stdout(), StringComparison.Ordinal);
        Assert.DoesNotContain("FOUND", run.Stdout(), StringComparison.Ordinal);
        Assert.Contains("descriptors [0, 1, 2, 3]", run.Stdout(), StringComparison.Ordinal);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Dangerous_system_calls_are_refused(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync("""
            import ctypes, os, subprocess, platform
            c = ctypes.CDLL(None, use_errno=True)
            def t(name, f):
                ctypes.set_errno(0); r = f()
                print("refused" if r < 0 else "ALLOWED", name, os.strerror(ctypes.get_errno()))
            t("unshare", lambda: c.unshare(0x10000000)); t("mount", lambda: c.mount(b"x", b"/work", b"tmpfs", 0, None))
            t("ptrace", lambda: c.ptrace(16, 1, 0, 0)); t("chroot", lambda: c.chroot(b"/work")); t("setuid", lambda: c.setuid(0))
            t("personality", lambda: c.personality(0x0040000)); t("setns", lambda: c.setns(0, 0))
            t("io_uring", lambda: c.syscall(425, 8, 0)); t("fsopen", lambda: c.syscall(430, b"tmpfs", 0)); t("clone3", lambda: c.syscall(435, 0, 0))
            if platform.machine() == "x86_64":
                t("keyctl", lambda: c.syscall(250, 0, 0, 0, 0, 0)); t("bpf", lambda: c.syscall(321, 0, 0, 0))
                t("userfaultfd", lambda: c.syscall(323, 0)); t("clone", lambda: c.syscall(56, 0x10000000 | 17, 0, 0, 0, 0))
            status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
            print({k: status[k] for k in ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp")})
            """);

        Assert.DoesNotContain("ALLOWED", run.Stdout(), StringComparison.Ordinal);
        Assert.Contains("refused unshare", run.Stdout(), StringComparison.Ordinal);
        Assert.Contains("'CapEff': '0000000000000000', 'CapPrm': '0000000000000000', 'CapBnd': '0000000000000000', 'NoNewPrivs': '1', 'Seccomp': '2'", run.Stdout(), StringComparison.Ordinal);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Processes_are_few_and_none_outlives_its_run(string account)
    {
        var client = await services.ClientOfAsync(account);
        var name = SandboxProcess.NewName();
        var counted = await client.RunAsync($$"""
            import ctypes, os, time
            ctypes.CDLL(None).prctl(15, b"{{name}}")
            n = 0
            try:
                while True:
                    if os.fork() == 0: time.sleep(30); os._exit(0)
                    n += 1
            except OSError as e: print("stopped after", n)
            """);

        Assert.Matches("stopped after [0-9]+", counted.Stdout());
        Assert.InRange(int.Parse(counted.Stdout()["stopped after ".Length..], System.Globalization.CultureInfo.InvariantCulture), 1, 32);

        var endless = await client.RunAsync(
            $$"""
            import ctypes, os
            ctypes.CDLL(None).prctl(15, b"{{name}}")
            while True:
                try: os.fork()
                except OSError: pass
            """,
            more: new() { ["run_timeout"] = 2 });

        Assert.NotEqual("Success", endless.Text("status"));
        await Eventually.True(() => SandboxProcess.CountProcesses(name) == 0);
        Assert.Equal("Success", (await client.RunAsync("print(1)")).Text("status"));
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Memory_is_bounded_for_one_process_and_for_all_together(string account)
    {
        var client = await services.ClientOfAsync(account);
        var asked = await client.RunAsync("x = bytearray(3_000_000_000); print('ESCAPE')");
        var grown = await client.RunAsync("""
            l = []
            while True: l.append(bytearray(10_000_000)); print(len(l) * 10, "MB", flush=True)
            """);
        var shared = await client.RunAsync("""
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    x = bytearray(100_000_000)
                    for i in range(0, len(x), 4096): x[i] = 1
                    print("holds", flush=True); time.sleep(5); os._exit(0)
            print("all", [os.wait()[1] for _ in range(8)])
            """);

        Assert.DoesNotContain("ESCAPE", asked.Stdout(), StringComparison.Ordinal);
        Assert.Equal("Failed", grown.Text("status"));

        // What one process grows to between two looks of the watch, where there is no control group, ends at its address space: 1 GiB.
        Assert.DoesNotContain("1080 MB", grown.Stdout(), StringComparison.Ordinal);
        Assert.NotEqual($"all [{string.Join(", ", Enumerable.Repeat(0, 8))}]", shared.Stdout().Split('\n').FirstOrDefault(line => line.StartsWith("all", StringComparison.Ordinal)));
        Assert.Contains("needed more than the 256 MB", shared.Text("message"), StringComparison.Ordinal);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Time_is_bounded(string account)
    {
        var client = await services.ClientOfAsync(account);
        var spinning = await client.RunAsync("while True: pass", more: new() { ["run_timeout"] = 1 });
        var sleeping = await client.RunAsync("import time; print('a', flush=True); time.sleep(100)", more: new() { ["run_timeout"] = 1 });

        Assert.All([spinning, sleeping], run => Assert.Equal("Failed", run.Text("status")));
        Assert.Equal("TimeLimitExceeded", sleeping.GetProperty("run_result").Text("status"));
        Assert.Equal("a\n", sleeping.Stdout());
        Assert.InRange(sleeping.GetProperty("run_result").GetProperty("execution_time").GetDouble(), 0.9, 10);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Disk_is_bounded_for_one_file_and_for_all_together(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync(
            """
            import os
            def fill(path, files):
                total = 0
                for i in range(files):
                    try:
                        with open(f"{path}/f{i}", "wb", buffering=0) as f:
                            while True: total += f.write(b"x" * 1_000_000)
                    except OSError: pass
                for name in os.listdir(path):
                    try: os.remove(f"{path}/{name}")
                    except OSError: pass
                return total >> 20
            print("one", fill("/work", 1)); print("many", fill("/work", 50)); print("tmp", fill("/tmp", 50)); print("shm", fill("/dev/shm", 50))
            """,
            more: new() { ["memory_limit_MB"] = 512 });

        var megabytes = run.Stdout().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(line => line.Split(' ')[0], line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(megabytes["one"], 1, 32);
        Assert.InRange(megabytes["many"], 33, 65);
        Assert.InRange(megabytes["tmp"], 1, 17);
        Assert.InRange(megabytes["shm"], 1, 17);
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Output_without_end_is_cut(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync(
            "import sys\nwhile True: sys.stdout.write('x' * 65536); sys.stderr.write('y' * 65536)", more: new() { ["run_timeout"] = 1 });

        Assert.InRange(run.Stdout().Length, 200_000, 300_000);
        Assert.InRange(run.Stderr().Length, 200_000, 300_000);
        Assert.Contains("[output truncated: ", run.Stdout()[^80..], StringComparison.Ordinal);
        Assert.True(run.GetProperty("run_result").GetProperty("stdout_truncated").GetBoolean());
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task A_program_that_kills_everything_it_can_ends_only_itself(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync("import os, signal; os.kill(-1, signal.SIGKILL); os.kill(os.getppid(), signal.SIGKILL); os.kill(1, signal.SIGKILL); print('alive')", more: new JsonObject { ["fetch_new_files"] = true });

        Assert.Contains(run.Text("status"), (string[])["Success", "Failed"]);
        Assert.Equal("Success", (await client.RunAsync("print(1)")).Text("status"));
    }

    [SandboxTheory]
    [MemberData(nameof(Accounts))]
    public async Task Links_lead_to_nothing_outside(string account)
    {
        var client = await services.ClientOfAsync(account);
        var run = await client.RunAsync(
            "import os; os.symlink('/etc/hostname', 'a'); os.symlink('/proc/1/environ', 'b'); open('real','w').write('1')",
            more: new() { ["fetch_new_files"] = true, ["fetch_files"] = new JsonArray("a", "b") });

        Assert.Equal("1", run.File("real"));
        Assert.False(run.GetProperty("files").TryGetProperty("a", out _));
        Assert.False(run.GetProperty("files").TryGetProperty("b", out _));
    }
}
