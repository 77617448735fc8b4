using System.Text.Json;
using Json.Schema;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Hosting;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Tools;

/// <summary>
/// mcp-tools with a database of its own, an llm-api that the test scripts, a clock and, in the place of ours, tools of the test's if it has any.
/// </summary>
public class ToolService : ServiceFactory<Program>
{
    public const string SettingsPath = "/internal/mcp-tools";

    private readonly List<ITool> _tools = [];

    public ToolService()
        : base("mcptoolsdb")
    {
    }

    /// <summary>Starts at the real time, because caller tokens are of the real time.</summary>
    public FakeClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public FakeUpstream LlmApi { get; private set; } = null!;

    internal ToolCatalogue Catalogue => Services.GetRequiredService<ToolCatalogue>();

    /// <summary>A started service with these tools, for a test that needs one of its own.</summary>
    internal static async Task<ToolService> StartedAsync(params FakeTool[] tools)
    {
        var service = new ToolService();
        foreach (var tool in tools)
        {
            service.Add(tool);
        }

        await service.InitializeAsync();
        service.Start();
        return service;
    }

    public override async Task InitializeAsync()
    {
        LlmApi = await FakeUpstream.StartAsync();
        LlmApi.Always(SettingsPath, exchange => exchange.ErrorAsync(500, "internal_error", "No settings."));
        this["services:llm-api:http:0"] = LlmApi.BaseAddress.GetLeftPart(UriPartial.Authority);
        this["Resilience:Retries"] = "1";
        this["Resilience:RetryDelayMilliseconds"] = "1";
        this["Resilience:BreakerMinimumCalls"] = "10000";
        await base.InitializeAsync();
    }

    /// <summary>Adds a tool; before the first client is made.</summary>
    internal FakeTool Add(FakeTool tool)
    {
        _tools.Add(tool);
        return tool;
    }

    internal async Task<CallToolResult> CallAsync(
        string tool, string arguments = "{}", Caller? caller = null, string? key = null, string? conversation = null, string? callId = null, CancellationToken ct = default) =>
        await Catalogue.CallAsync(
            new(tool, caller ?? TestCallers.User(), FakeTool.Json(arguments)) { IdempotencyKey = key, ConversationId = conversation, CallId = callId }, ct).AsTask().Soon();

    /// <summary>Calls a tool that must succeed; what it answers must be as its output schema says.</summary>
    internal async Task<JsonElement> AnswerAsync(string tool, string arguments, Caller caller)
    {
        var result = await CallAsync(tool, arguments, caller);
        Assert.True(result.IsError != true, result.Content[0] is TextContentBlock text ? text.Text : tool);
        var schema = (await Catalogue.FindDefinitionAsync(caller, tool, CancellationToken.None))!.OutputSchema!.Value;
        var answer = result.StructuredContent!.Value;
        Assert.True(JsonSchema.FromText(schema.GetRawText()).Evaluate(answer).IsValid, answer.GetRawText());
        return answer;
    }

    /// <summary>Starts the service without asking it anything.</summary>
    public void Start() => Anonymous().Dispose();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (LlmApi is not null)
        {
            await LlmApi.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            if (_tools.Count > 0)
            {
                services.RemoveAll<ITool>();
            }

            foreach (var tool in _tools)
            {
                services.AddSingleton<ITool>(tool);
            }
        });
    }
}
