using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Requirements;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.External.Connections;

/// <summary>The reference server of npm, as a program and over HTTP.</summary>
public sealed class EverythingTests(EverythingTests.Programs service) : IClassFixture<EverythingTests.Programs>
{
    private const string All = "/v1/admin/mcp/servers";

    private readonly Caller _ann = TestCallers.User();

    [NpmFact]
    public async Task A_program_is_started_used_started_again_and_ended_with_all_that_it_started()
    {
        using var admin = service.ClientFor(TestCallers.Admin());
        var mark = $"mark-{Guid.CreateVersion7():N}";
        Environment.SetEnvironmentVariable("JAN_TEST_OF_OURS", "ours");

        // The sleeper is of the program's group and would outlive it.
        var id = await admin.RegisterAsync(
            new
            {
                label = "every",
                transport = "stdio",
                command = "sh",
                args = new[] { "-c", "sleep 1000 <&- >&- 2>&- & exec node \"$0\" stdio", await service.ScriptAsync() },
                env = new { JAN_MARK = mark },
            },
            All);
        var tools = await service.ToolOf(_ann, "every_echo");
        Assert.StartsWith("[every] ", tools.Description, StringComparison.Ordinal);

        Assert.Contains("hello", (await service.CallAsync(_ann, "every_echo", """{"message":"hello"}""")).Text(), StringComparison.Ordinal);
        Assert.Contains((await service.CallAsync(_ann, "every_get-tiny-image")).Content, block => block is ImageContentBlock);
        var environment = (await service.CallAsync(_ann, "every_get-env")).Text();
        Assert.Contains(mark, environment, StringComparison.Ordinal);
        Assert.DoesNotContain("JAN_TEST_OF_OURS", environment, StringComparison.Ordinal);

        foreach (var process in ProcessesOf(mark).Where(one => one.Name != "sleep"))
        {
            Process.GetProcessById(process.Id).Kill();
        }

        await Eventually.True(async () => (await service.CallAsync(_ann, "every_echo", """{"message":"anew"}""")).Text().Contains("anew", StringComparison.Ordinal));
        Assert.NotEmpty(ProcessesOf(mark));
        await admin.SendAsync("DELETE", $"{All}/{id}").JsonAsync();
        await Eventually.True(() => ProcessesOf(mark).Count == 0);
    }

    [NpmFact]
    public async Task A_program_that_does_not_start_is_told()
    {
        using var admin = service.ClientFor(TestCallers.Admin());
        var id = await admin.RegisterAsync(new { label = "none", transport = "stdio", command = "no-such-program" }, All);
        var test = await admin.SendAsync("POST", $"{All}/{id}/test").JsonAsync();
        Assert.False(test.GetProperty("ok").GetBoolean());
        Assert.Contains(test.Text("error"), new[] { "unreachable", "restarting", "timeout" });
        await admin.SendAsync("DELETE", $"{All}/{id}").JsonAsync();
    }

    [NpmFact]
    public async Task Over_http_every_tool_is_listed_and_progress_comes()
    {
        var port = FreePort();
        var info = new ProcessStartInfo("node", [await service.ScriptAsync(), "streamableHttp"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        using var server = Process.Start(info)!;
        try
        {
            using var client = service.ClientFor(_ann);
            await Eventually.Succeeds(async () =>
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
            });
            var id = await client.RegisterAsync(new { label = "web", url = $"http://localhost:{port}/mcp" });
            var test = await client.SendAsync("POST", $"/v1/mcp/servers/{id}/test").JsonAsync();
            Assert.True(test.GetProperty("ok").GetBoolean(), test.GetRawText());
            Assert.True(test.GetProperty("tool_count").GetInt32() >= 8, test.GetRawText());

            Assert.Contains("hi", (await service.CallAsync(_ann, "web_echo", """{"message":"hi"}""")).Text(), StringComparison.Ordinal);
            var structured = await service.CallAsync(_ann, "web_get-structured-content", """{"location":"New York"}""");
            Assert.NotNull(structured.StructuredContent);
            var progress = new Counter();
            await service.CallAsync(_ann, "web_trigger-long-running-operation", """{"duration":1,"steps":3}""", progress);
            Assert.True(progress.Count >= 2, $"{progress.Count} reports");
            var refused = await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync(_ann, "web_echo", """{"message":{"not":"text"}}"""));
            Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private static List<(int Id, string Name)> ProcessesOf(string mark)
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                    && File.ReadAllText(Path.Combine(folder, "environ")).Contains(mark, StringComparison.Ordinal))
                {
                    found.Add((id, File.ReadAllText(Path.Combine(folder, "comm")).Trim()));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or is not ours.
            }
        }

        return found;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Counter : IProgress<ModelContextProtocol.ProgressNotificationValue>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Report(ModelContextProtocol.ProgressNotificationValue value) => Interlocked.Increment(ref _count);
    }

    /// <summary>mcp-tools that runs programs.</summary>
    public sealed class Programs : ExternalService
    {
        private readonly Lazy<Task<NodeProject>> _project =
            new(() => NodeProject.InstallAsync(Path.Combine(Path.GetDirectoryName(Here())!, "../Everything")));

        public Programs() => this["ExternalServers:Stdio:Enabled"] = "true";

        /// <summary>The reference server's script.</summary>
        public async Task<string> ScriptAsync() =>
            Path.Combine((await _project.Value).Folder, "node_modules/@modelcontextprotocol/server-everything/dist/index.js");

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_project.IsValueCreated)
            {
                (await _project.Value).Dispose();
            }

            GC.SuppressFinalize(this);
        }

        private static string Here([CallerFilePath] string path = "") => path;
    }
}
