using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Calls;

public sealed class ToolUsageTests(ToolUsageTests.Service service) : IClassFixture<ToolUsageTests.Service>
{
    public sealed class Service : ToolService
    {
        public Service()
        {
            Add(new("act", """{"type":"object","properties":{"q":{"type":"string"}}}""")).OnCall = (call, _) => Task.FromResult(
                call.Arguments.TryGetProperty("q", out var q) && q.GetString() == "fail"
                    ? new CallToolResult { Content = [new TextContentBlock { Text = "no" }], IsError = true }
                    : JanServer.McpTools.Tools.ToolResults.Of(JsonElement.Parse("""{"engine":"serper"}""")));
            Add(new("broken") { Unavailable = "there is no key." });
        }
    }

    [Fact]
    public async Task Calls_are_summed_up_by_tool_for_their_caller()
    {
        service.Start();
        var caller = TestCallers.User();
        await CallAsync(caller, "act", """{"q":"secret"}""");
        await CallAsync(caller, "act", """{"q":"fail"}""");
        await CallAsync(caller, "broken", "{}");
        await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync("act", """{"q":1}""", caller));
        await CallAsync(TestCallers.User(), "act", "{}");
        using var client = service.ClientFor(caller);
        await Eventually.True(async () => (await GetAsync(client, "/v1/mcp/usage")).GetProperty("total").GetProperty("calls").GetInt64() == 4);

        var usage = await GetAsync(client, "/v1/mcp/usage");
        var act = usage.GetProperty("data").EnumerateArray().Single(one => one.GetProperty("tool").GetString() == "act");

        Assert.Equal((3, 1, 1), (act.GetProperty("calls").GetInt64(), act.GetProperty("failures").GetInt64(), act.GetProperty("refusals").GetInt64()));
        Assert.True(act.GetProperty("result_bytes").GetInt64() > 0);
        var grouped = await GetAsync(client, "/v1/mcp/usage?group_by=status&group_by=provider&tool=act");
        Assert.Equal(3, grouped.GetProperty("data").GetArrayLength());
        Assert.Contains(grouped.GetProperty("data").EnumerateArray(), one => one.TryGetProperty("provider", out var provider) && provider.GetString() == "serper");
    }

    [Fact]
    public async Task Calls_are_listed_by_page_without_what_was_said()
    {
        service.Start();
        var caller = TestCallers.User();
        for (var i = 0; i < 3; i++)
        {
            await CallAsync(caller, "act", """{"q":"secret"}""");
            service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var client = service.ClientFor(caller);
        await Eventually.True(async () => (await GetAsync(client, "/v1/mcp/usage/records")).GetProperty("data").GetArrayLength() == 3);

        var first = await GetAsync(client, "/v1/mcp/usage/records?limit=2");
        var second = await GetAsync(client, $"/v1/mcp/usage/records?limit=2&after={first.GetProperty("last_id").GetString()}");
        var oldest = await GetAsync(client, "/v1/mcp/usage/records?limit=1&order=asc");

        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.Equal(1, second.GetProperty("data").GetArrayLength());
        Assert.Equal(second.GetProperty("last_id").GetString(), oldest.GetProperty("last_id").GetString());
        Assert.DoesNotContain("secret", first.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, (await GetAsync(client, "/v1/mcp/usage/records?end_time=1000")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await GetAsync(client, "/v1/mcp/usage/records?after=none")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Administrators_see_the_calls_of_everyone_and_others_do_not()
    {
        service.Start();
        var caller = TestCallers.User();
        await CallAsync(caller, "act", "{}");
        using var admin = service.ClientFor(TestCallers.Admin());
        using var user = service.ClientFor(caller);
        var path = $"/v1/admin/mcp/usage?user_id={caller.UserId}&group_by=user_id";
        await Eventually.True(async () => (await GetAsync(admin, path)).GetProperty("data").GetArrayLength() == 1);

        Assert.Equal(caller.UserId.ToString(), (await GetAsync(admin, path)).GetProperty("data")[0].GetProperty("user_id").GetString());
        Assert.Equal(1, (await GetAsync(admin, $"/v1/admin/mcp/usage/records?user_id={caller.UserId}")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await GetAsync(admin, "/v1/admin/mcp/usage/records?user_id=nobody")).GetProperty("data").GetArrayLength());
        using var refused = await user.GetAsync(new Uri("/v1/admin/mcp/usage", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var key = service.ClientFor(caller.ByApiKey(Scopes.Tools));
        using var unscoped = await key.GetAsync(new Uri("/v1/mcp/usage", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, unscoped.StatusCode);
    }

    [Fact]
    public async Task Calls_are_counted_by_tool_provider_and_status()
    {
        service.Start();
        var meter = service.Services.GetRequiredService<IMeterFactory>().Create(ServiceMeter.Name);
        var counted = new ConcurrentQueue<string>();
        long active = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "jan.mcp.tool.active")
            {
                Interlocked.Add(ref active, value);
            }
            else if (instrument.Name == "jan.mcp.tool.calls")
            {
                counted.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value)));
            }
        });
        listener.Start();

        await CallAsync(TestCallers.User(), "act", "{}");
        await CallAsync(TestCallers.User(), "act", """{"q":"fail"}""");
        await CallAsync(TestCallers.User(), "broken", "{}");

        Assert.Equal(["act serper ok ", "act  failed tool_error", "broken  refused unavailable"], counted);
        Assert.Equal(0, active);
    }

    [Theory]
    [InlineData("start_time=soon", "start_time")]
    [InlineData("start_time=10&end_time=10", "end_time")]
    [InlineData("status=odd", "status")]
    [InlineData("group_by=user_id", "group_by")]
    public async Task A_bad_parameter_is_named(string query, string param)
    {
        using var client = service.ClientFor(TestCallers.User());

        using var response = await client.GetAsync(new Uri($"/v1/mcp/usage?{query}", UriKind.Relative));
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    private Task<CallToolResult> CallAsync(Caller caller, string tool, string arguments) => service.CallAsync(tool, arguments, caller);

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Soon();
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
