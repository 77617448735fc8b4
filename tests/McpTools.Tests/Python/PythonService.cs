using System.Text.Json;
using JanServer.McpTools.Python;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Python;

/// <summary>mcp-tools with a sandbox and a media-api that the test scripts.</summary>
public sealed class PythonService : ServiceFactory<Program>
{
    public const string RunPath = "/run_code";
    public const string CellsPath = "/run_jupyter";
    public const string MediaPath = "/v1/media/upload";

    private IReadOnlyList<(string Key, string Value)> _settings = [];

    public PythonService()
        : base("mcptoolsdb")
    {
    }

    public FakeUpstream Sandbox { get; private set; } = null!;

    public FakeUpstream Media { get; private set; } = null!;

    /// <summary>A started service of the test's own.</summary>
    internal static async Task<PythonService> StartedAsync(params (string Key, string Value)[] settings)
    {
        var service = new PythonService { _settings = settings };
        await service.InitializeAsync();
        return service;
    }

    public override async Task InitializeAsync()
    {
        Sandbox = await FakeUpstream.StartAsync();
        Media = await FakeUpstream.StartAsync();
        this["services:sandboxfusion:http:0"] = Sandbox.BaseAddress.GetLeftPart(UriPartial.Authority);
        this["services:media-api:http:0"] = Media.BaseAddress.GetLeftPart(UriPartial.Authority);
        this["Resilience:Retries"] = "1";
        this["Resilience:RetryDelayMilliseconds"] = "1";
        foreach (var (key, value) in _settings)
        {
            this[key] = value;
        }

        await base.InitializeAsync();
        Anonymous().Dispose();
    }

    internal PythonTool Tool => Services.GetServices<ITool>().OfType<PythonTool>().Single();

    internal async Task<CallToolResult> CallAsync(
        string arguments, Caller? caller = null, IProgress<ProgressNotificationValue>? progress = null, CancellationToken ct = default) =>
        await Tool.CallAsync(new("python_exec", caller ?? TestCallers.User(), JsonElement.Parse(arguments)) { Progress = progress }, ct).AsTask().Soon();

    /// <summary>Calls it and expects that something was run.</summary>
    internal async Task<JsonElement> RunAsync(string arguments)
    {
        var result = await CallAsync(arguments);
        Assert.True(result.IsError is not true, TextOf(result));
        Assert.Equal(result.StructuredContent!.Value.GetRawText(), TextOf(result));
        return result.StructuredContent.Value;
    }

    /// <summary>Calls it and expects an error of the tool.</summary>
    internal async Task<string> FailAsync(string arguments)
    {
        var result = await CallAsync(arguments);
        Assert.True(result.IsError);
        return TextOf(result);
    }

    internal static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
            await Media.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
