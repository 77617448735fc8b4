using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Local;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing;
using JanServer.Testing.Streams;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>A background run of ten steps whose process is killed twice: during a tool call and in the middle of the model's answer.</summary>
[Collection(SharedSystem.Name)]
public sealed class TakeOverTests(JanServerSystem system)
{
    private const string Model = "stepping-model";
    private const int Steps = 10;

    [Fact]
    public async Task Another_process_finishes_what_a_killed_one_began_and_no_step_happens_twice()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var model = await SteppingModel.StartAsync(Model, Steps);
        await using var server = await CountingServer.StartAsync();
        var token = await system.AdminTokenAsync();
        using var user = system.Client(token);
        await RegisterAsync(user, model, server);
        var (duringTool, duringAnswer) = (server.Hold(5), model.HoldOnce(8));

        // The stream is read from a replica that runs nothing itself, so that it outlives the others.
        await using var reader = await Replica.StartAsync(system.Application.GetProcessId("response-api")!.Value, ("Background__Workers", "0"));
        using var replica = new HttpClient { BaseAddress = reader.Address, Timeout = Eventually.Deadline };
        replica.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var request = new
        {
            model = Model,
            input = "Take all steps.",
            background = true,
            stream = true,
            tools = new[] { new { type = "mcp", server_label = "counting", require_approval = "never" } },
        };
        var stream = AgentTests.StreamAsync(replica, request);

        await duringTool.Reached;
        system.Kill("response-api");
        duringTool.Release();
        await duringAnswer.Reached;
        system.Kill("response-api");

        var events = await stream;
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        var response = events[^1].GetProperty("response");
        Assert.Equal("response.completed", events[^1].GetProperty("type").GetString());
        Assert.EndsWith("All steps are done.", AgentTests.TextOf(response), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, Steps), server.Effects);
        Assert.Equal(
            Enumerable.Range(1, Steps).Select(step => ($"call_{step}", "completed")),
            response.GetProperty("tool_executions").EnumerateArray()
                .Select(execution => (execution.GetProperty("call_id").GetString()!, execution.GetProperty("status").GetString()!)));
        await AssertReadAgainAsync(user, response.GetProperty("id").GetString()!, events);
    }

    /// <summary>From any event, through the gateway, the rest is the same.</summary>
    private static async Task AssertReadAgainAsync(HttpClient user, string id, List<JsonElement> events)
    {
        var after = events.Count / 2;
        await Eventually.Succeeds(async () =>
        {
            using var answer = await user.GetAsync(
                new Uri($"/v1/responses/{id}?stream=true&starting_after={after}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            using var rest = await SseReader.OpenAsync(answer);
            Assert.Equal(
                events.Skip(after + 1).Select(e => e.GetRawText()),
                (await rest.RestAsync()).Where(e => !e.IsDone).Select(e => e.Data));
        });
    }

    private static async Task RegisterAsync(HttpClient admin, SteppingModel model, CountingServer server)
    {
        using var provider = await admin.PostAsJsonAsync("/v1/admin/providers", new { name = "stepping", base_url = model.BaseAddress.ToString() });
        Assert.True(provider.IsSuccessStatusCode, await provider.Content.ReadAsStringAsync());
        using var registered = await admin.PostAsJsonAsync("/v1/admin/mcp/servers", new { label = "counting", url = server.Address });
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync());
        await Eventually.True(
            async () => (await ToolsAsync(admin)).Contains("counting_add") && (await admin.GetStringAsync("/v1/models")).Contains(Model, StringComparison.Ordinal),
            "the model and the tool are there");
    }

    private static async Task<IReadOnlyList<string>> ToolsAsync(HttpClient user)
    {
        using var answer = await user.PostAsJsonAsync("/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" });
        var list = await JanServerSystem.ReadAsync(answer);
        return [.. list.GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];
    }
}
