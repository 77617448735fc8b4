using System.Text.Json;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Tests.Tools;

public sealed class WebSearchTests
{
    private const string Schema =
        """{"q":{"type":"string"},"num":{"type":"integer"},"gl":{"type":"string"},"location_hint":{"type":"string"},"domain_allow_list":{"type":"array"},"offline_mode":{"type":"boolean"},"tool_call_id":{"type":"string"}}""";

    private const string Found =
        """{"query":"cats","raw":{"organic":["much"]},"results":[{"title":"Cats","source_url":"https://cats.example/a","snippet":"Cats purr."},{"title":"More","source_url":"https://cats.example/b","snippet":"Cats sleep."}]}""";

    [Fact]
    public async Task A_search_runs_in_mcp_tools_for_the_caller_and_is_shown_step_by_step()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Structured(Found), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search","search_context_size":"low","filters":{"allowed_domains":["cats.example"]},
              "user_location":{"type":"approximate","country":"FR","city":"Paris"}}],
            "include":["web_search_call.action.sources"]
            """);
        var tools = await host.ToolsAsync(response);

        var function = tools.Bindings["google_search"].Function;
        Assert.Equal("What google_search does", function.Description);
        Assert.Equal(["q", "num", "gl", "location_hint"], function.Parameters.GetProperty("properties").EnumerateObject().Select(property => property.Name));

        var (outcome, shown) = await tools.CallAsync(response, "google_search", """{"q":"cats"}""");
        Assert.Equal(["added", "web_search_call.in_progress", "web_search_call.searching", "web_search_call.completed"], shown.Events);
        Assert.Equal("in_progress", shown.Added.Text("status"));
        Assert.Null(outcome.Error);
        Assert.Equal("ws_1", outcome.Item.Text("id"));
        Assert.Equal("completed", outcome.Item.Text("status"));
        var action = outcome.Item.GetProperty("action");
        Assert.Equal("search", action.Text("type"));
        Assert.Equal("cats", action.Text("query"));
        Assert.Equal(["https://cats.example/a", "https://cats.example/b"], action.GetProperty("sources").EnumerateArray().Select(source => source.Text("url")));
        Assert.Contains("Cats purr.", outcome.ModelText, StringComparison.Ordinal);
        Assert.DoesNotContain("organic", outcome.ModelText, StringComparison.Ordinal);

        Assert.Equal(
            """{"q":"cats","domain_allow_list":["cats.example"],"gl":"fr","location_hint":"Paris, FR","num":5}""", mcp.OnlyCall().ToJsonString());
        var request = mcp.Asked("tools/call").Single();
        Assert.Equal("call_1", request.Header("X-Tool-Call-ID"));
        Assert.NotNull(request.Header(CallerTokens.HeaderName));
    }

    [Fact]
    public async Task Sources_are_shown_only_when_they_are_asked_for()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Structured(Found), Schema);
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search_preview_2025_03_11"}]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "google_search", """{"q":"cats"}""");
        Assert.False(outcome.Item.GetProperty("action").TryGetProperty("sources", out _));
        Assert.False(outcome.Item.TryGetProperty("results", out _));
    }

    [Fact]
    public async Task A_failure_of_the_tool_is_told_to_the_model_and_seen_on_the_item()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Error("The engine is tired."));
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search"}]
            """);
        var (outcome, shown) = await (await host.ToolsAsync(response)).CallAsync(response, "google_search", """{"q":"cats"}""");
        Assert.Equal("The engine is tired.", outcome.Error);
        Assert.Contains("The engine is tired.", outcome.ModelText, StringComparison.Ordinal);
        Assert.Equal("failed", outcome.Item.Text("status"));
        Assert.DoesNotContain("web_search_call.completed", shown.Events);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("not json")]
    public async Task Arguments_that_are_no_object_call_nobody(string arguments)
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Text("found"));
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search"}]
            """);
        var (outcome, _) = await (await host.ToolsAsync(response)).CallAsync(response, "google_search", arguments);
        Assert.Equal("failed", outcome.Item.Text("status"));
        Assert.Empty(mcp.Asked("tools/call"));
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("\"{\\\"q\\\":\\\"cats\\\"}\"", """{"q":"cats"}""")]
    public async Task Arguments_may_be_absent_or_an_object_in_a_string(string arguments, string sent)
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Text("found"));
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search"}]
            """);
        await (await host.ToolsAsync(response)).CallAsync(response, "google_search", arguments);
        Assert.Equal(sent, mcp.OnlyCall().ToJsonString());
    }

    [Fact]
    public async Task A_search_that_is_not_set_up_is_announced_and_says_why_when_it_is_called()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).WithUnlisted("google_search", _ => FakeMcpTools.Error("No search engine is configured."));
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search"}]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Contains("google_search (web_search) is not available", Assert.Single(tools.Notices), StringComparison.Ordinal);
        var (outcome, _) = await tools.CallAsync(response, "google_search", """{"q":"cats"}""");
        Assert.Equal("No search engine is configured.", outcome.Error);
        Assert.Equal("failed", outcome.Item.Text("status"));
    }

    [Fact]
    public async Task Without_mcp_tools_the_model_is_told_so()
    {
        await using var host = ToolHost.For(null);
        var response = host.Ask("""
            "tools":[{"type":"web_search"}]
            """);
        var tools = await host.ToolsAsync(response);
        Assert.Contains("could not be reached", Assert.Single(tools.Notices), StringComparison.Ordinal);
        var (outcome, _) = await tools.CallAsync(response, "google_search", """{"q":"cats"}""");
        Assert.Contains("could not be reached", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_opened_within_the_domains_that_are_allowed()
    {
        await using var mcp = (await FakeMcpTools.StartAsync())
            .With("google_search", _ => FakeMcpTools.Structured(Found), Schema)
            .With("scrape", _ => FakeMcpTools.Text("All about cats"), """{"url":{"type":"string"}}""");
        await using var host = ToolHost.For(mcp);
        var response = host.Ask("""
            "tools":[{"type":"web_search","filters":{"allowed_domains":["cats.example"]}}]
            """);
        var tools = await host.ToolsAsync(response);
        var (opened, shown) = await tools.CallAsync(response, "scrape", """{"url":"https://www.cats.example/a"}""");
        Assert.Equal(["added", "web_search_call.in_progress", "web_search_call.searching", "web_search_call.completed"], shown.Events);
        Assert.Equal("All about cats", opened.ModelText);
        Assert.Equal("open_page", opened.Item.GetProperty("action").Text("type"));
        Assert.Equal("https://www.cats.example/a", opened.Item.GetProperty("action").Text("url"));

        foreach (var elsewhere in (string[])["https://dogs.example/a", "https://notcats.example/", "cats.example", ""])
        {
            var (refused, _) = await tools.CallAsync(response, "scrape", JsonSerializer.Serialize(new Dictionary<string, string> { ["url"] = elsewhere }), "call_2");
            Assert.Equal("failed", refused.Item.Text("status"));
        }

        Assert.Single(mcp.Asked("tools/call"));
    }
}
